import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { withoutPassword } from "../../../store/without_password.ts";
import type { Instance } from "../../instance/instance.ts";
import { readMark } from "../../instance/mark.ts";
import type { Module } from "../../module.ts";
import { noteServer } from "../../instance/note_server.ts";
import { openInstance, type OpenOptions } from "../../instance/open.ts";
import { noteNamedByUser } from "../../instance/reach.ts";
import { kindOf } from "./remotes.ts";

/** What opening another instance takes besides its place. */
export interface OpenRemoteOptions extends Pick<OpenOptions, "loadRegistries" | "openRemote"> {
  readonly knownModules: readonly Module[];
  /** True to read it, and leave no trace where it lies. */
  readonly readOnly: boolean;
}

/**
 * Opens the instance at a path or URL that the user named. Throws code "no_instance" where there is
 * none, and as `openInstance` does.
 */
export async function openRemoteInstance(
  host: Host,
  url: string,
  options: OpenRemoteOptions,
): Promise<Instance> {
  const { readOnly, loadRegistries, openRemote } = options;
  const wanted = await placeOf(host, url, options);
  const instance = await openInstance(host, {
    wanted,
    readOnly,
    isForeign: readOnly,
    loadRegistries,
    openRemote,
  });
  const failure = kindOf(url) === "path" ? otherThan(host, url, instance) : undefined;
  if (failure === undefined) return instance;
  await instance.close();
  throw failure;
}

/** Why an instance is not the one in a folder: it is above, or settings lead to a namesake. */
function otherThan(host: Host, folder: string, instance: Instance): LaminError | undefined {
  const { root, workTree } = instance.location;
  if (![root, workTree].includes(host.files.realPath(folder))) return noInstance(folder);
  const uid = readMark(host, folder)?.storageUid;
  if (uid === undefined || uid === instance.ownStorage.uid) return undefined;
  return new LaminError("conflict", `${instance.slug} is another instance here`, {
    hint: `its rows are not in ${folder}, and your settings lead to one of that name elsewhere`,
    data: { path: folder, slug: instance.slug },
  });
}

async function placeOf(host: Host, url: string, options: OpenRemoteOptions): Promise<string> {
  switch (kindOf(url)) {
    case "path":
      if (host.files.stat(url)?.kind !== "directory") throw noInstance(url);
      return url;
    case "bucket":
      noteNamedByUser(host, url);
      return url;
    case "postgres":
      return await noteServer(host, { url, ...options });
    default:
      throw new LaminError("usage", `${withoutPassword(url)} is not opened but asked`);
  }
}

function noInstance(url: string): LaminError {
  return new LaminError("no_instance", `there is no instance in ${withoutPassword(url)}`, {
    hint: "give the folder that holds '.lamindb/', or the URL of an instance in a bucket",
    data: { url: withoutPassword(url) },
  });
}
