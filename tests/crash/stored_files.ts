import { exists, hashOf } from "./look.ts";

/** Hash and size of each file of the objects of a storage, by its path. */
export type StoredFiles = Readonly<
  Record<string, { readonly hash: string; readonly size: number }>
>;

/** The objects of a storage that have their names. */
export function storedFiles(root: string): StoredFiles {
  const found: Record<string, StoredFiles[string]> = {};
  const walk = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(`${root}/${folder}`)) {
      const path = `${folder}/${name}`;
      if (!isDirectory) {
        found[path] = {
          hash: hashOf(`${root}/${path}`),
          size: Deno.statSync(`${root}/${path}`).size,
        };
      } else if (name !== "staging") walk(path);
    }
  };
  if (exists(`${root}/.lamindb/objects`)) walk(".lamindb/objects");
  return found;
}
