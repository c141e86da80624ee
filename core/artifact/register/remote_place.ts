import { LaminError } from "../../../store/errors.ts";
import { withoutPassword } from "../../../store/without_password.ts";
import type { Instance, StorageRow } from "../../instance/instance.ts";
import { partedRoot, remoteSchemeOf } from "../../instance/remote_root.ts";

/** Where something lies on a server. */
export interface RemotePlace {
  /** Root of the storage, as LaminDB writes it. */
  readonly root: string;
  /** The row of that storage; undefined for one that is to be registered. */
  readonly storage: StorageRow | undefined;
  /** Below the root, without `/` at the end. */
  readonly name: string;
  /** Whether the URL ends with `/`. */
  readonly isFolder: boolean;
}

/** What LaminDB calls storages of each scheme that there is a way to (COMPAT §5.7). */
export const storageTypes: Readonly<Record<string, string>> = {
  s3: "s3",
  gs: "gs",
  http: "http",
  https: "https",
  hf: "hf",
};

/**
 * The storage and the name in it of a URL: in the innermost storage that is registered and holds
 * it, else in its bucket, server or repository, which LaminDB registers then (COMPAT §5.5). Throws
 * code "usage" for a URL that names no file or folder.
 */
export function remotePlace(instance: Instance, url: string): RemotePlace {
  const scheme = remoteSchemeOf(url)!;
  if (!Object.hasOwn(storageTypes, scheme)) {
    throw new LaminError("usage", `there is no way to ${scheme}:// addresses`, {
      hint: `these are known: ${Object.keys(storageTypes).join(", ")}`,
      data: { url: withoutPassword(url) },
    });
  }
  const { root: address, query } = partedRoot(url);
  const isFolder = address.endsWith("/");
  const bare = address.replace(/\/+$/, "");
  const storage = innermost(instance, bare, query);
  const root = storage === undefined ? outermostRoot(scheme, bare) : pathOf(storage.root);
  const name = bare.slice(root.length + 1);
  if (name === "" || name.split("/").includes("")) {
    throw new LaminError("usage", `${withoutPassword(url)} names no file or folder in ${root}`, {
      hint: "name a file, or a folder with '/' at its end",
      data: { url: withoutPassword(url) },
    });
  }
  return { root: storage?.root ?? root + query, storage, name, isFolder };
}

function innermost(instance: Instance, bare: string, query: string): StorageRow | undefined {
  return [...instance.storages.values()]
    .filter(({ root }) => remoteSchemeOf(root) !== undefined)
    .filter(({ root }) => partedRoot(root).query === query && bare.startsWith(`${pathOf(root)}/`))
    .sort((a, b) => b.root.length - a.root.length)[0];
}

function pathOf(root: string): string {
  return partedRoot(root).root.replace(/\/+$/, "");
}

/** The bucket or server; of Hugging Face the repository, with its kind where that is named. */
function outermostRoot(scheme: string, bare: string): string {
  const start = scheme.length + "://".length;
  const parts = bare.slice(start).split("/");
  const isKind = ["datasets", "spaces"].includes(parts[0]!);
  const count = scheme !== "hf" ? 1 : isKind ? 3 : 2;
  return bare.slice(0, start) + parts.slice(0, count).join("/");
}
