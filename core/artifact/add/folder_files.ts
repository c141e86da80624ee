import { LaminError } from "../../../store/errors.ts";
import type { FileStat, Host } from "../../../store/host/host.ts";
import { join, relativeTo } from "../../../store/path.ts";

/** One file of a folder that is an artifact. */
export interface FolderFile {
  /** Below the folder. */
  readonly path: string;
  /** Where its bytes lie, links followed. */
  readonly absolute: string;
  readonly stat: FileStat;
}

/**
 * All files below a folder that becomes one artifact, whatever `.laminignore` says, since a data
 * set without some of its files is another one. A link counts as the file that it leads to, as in
 * LaminDB, but only inside the folder: one that leads out, or to a folder, is refused.
 */
export function folderFiles(host: Host, folder: string): FolderFile[] {
  const root = host.files.realPath(folder);
  const files: FolderFile[] = [];
  const pending = [""];
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    for (const { name, kind } of host.files.readDirectory(join(root, below))) {
      const path = below === "" ? name : `${below}/${name}`;
      if (kind === "directory") pending.push(path);
      else if (kind === "file") files.push(plainFile(host, root, path));
      else if (kind === "symlink") files.push(linkedFile(host, root, path));
      else throw new LaminError("failed", `${path} in it is neither a file nor a folder`);
    }
  }
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

function plainFile(host: Host, root: string, path: string): FolderFile {
  const absolute = join(root, path);
  const stat = host.files.lstat(absolute);
  if (stat === null) throw new LaminError("conflict", `${path} in it vanished while it was read`);
  return { path, absolute, stat };
}

function linkedFile(host: Host, root: string, path: string): FolderFile {
  const stat = host.files.stat(join(root, path));
  const absolute = stat === null ? undefined : host.files.realPath(join(root, path));
  if (stat?.kind !== "file" || relativeTo(root, absolute!) === undefined) {
    throw new LaminError("failed", `${path} in it is a link that leads out of it or to no file`);
  }
  return { path, absolute: absolute!, stat };
}
