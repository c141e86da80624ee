import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { resolve } from "../../store/path.ts";
import { remoteSchemeOf } from "../instance/remote_root.ts";

/** Schemes that LaminDB knows (COMPAT §2.4), and whether data can be written there. */
const schemes: Readonly<Record<string, boolean>> = {
  s3: true,
  gs: true,
  http: false,
  https: false,
  hf: false,
};

/** The longest root that LaminDB's column takes. */
const longestRoot = 255;

/**
 * The root of a storage as LaminDB writes it: a URL without `/` at its end, or the absolute path of
 * a folder with links followed. Throws code "usage", "not_found" for a folder that is not there.
 */
export function storageRoot(host: Host, text: string): string {
  const scheme = remoteSchemeOf(text);
  const root = scheme === undefined ? folderOf(host, text) : urlOf(scheme, text);
  if (root.split("/").includes(".lamindb")) {
    throw new LaminError("usage", `${root} lies inside the storage of an instance`, {
      hint: "name the folder that holds '.lamindb'",
    });
  }
  if (root.length <= longestRoot) return root;
  throw new LaminError("usage", `LaminDB takes no root of more than ${longestRoot} characters`);
}

/** `local` for a folder, else the scheme: the type of a storage in LaminDB's words. */
export function storageType(root: string): string {
  return remoteSchemeOf(root) ?? "local";
}

/** Whether data can be written to storages of this kind at all. */
export function canBeWritten(root: string): boolean {
  return schemes[storageType(root)] ?? true;
}

function urlOf(scheme: string, text: string): string {
  if (!(scheme in schemes)) {
    throw new LaminError("usage", `'${scheme}' is no kind of storage`, {
      hint: `name a folder, or a URL with ${Object.keys(schemes).join("://, ")}://`,
    });
  }
  const [place = "", query] = text.split("?", 2);
  const root = scheme + place.slice(scheme.length).replace(/\/+$/, "");
  return query === undefined ? root : `${root}?${query}`;
}

function folderOf(host: Host, text: string): string {
  const path = resolve(host.workingDirectory(), text);
  if (host.files.stat(path)?.kind === "directory") return host.files.realPath(path);
  throw new LaminError("not_found", `there is no folder ${path}`, {
    hint: "make it first: a storage is a folder, or a URL such as s3://bucket/folder",
    data: { path },
  });
}
