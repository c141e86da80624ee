import { FileError, type Files } from "./host.ts";
import { dirname } from "../path.ts";

/** Set on a folder: what is made in it belongs to the folder's group. */
const setGroup = 0o2000;
const groupMayWrite = 0o020;

/**
 * Access to a folder that a group shares, for what is made in it: a folder that hands its group on
 * and lets it write says more of what is wanted than the umask of whoever comes by. Undefined for
 * any other folder, where the umask counts; so git does for `core.sharedRepository = group`.
 */
export function sharedMode(files: Files, folder: string): number | undefined {
  const mode = files.stat(folder)?.mode ?? 0;
  return (mode & setGroup) !== 0 && (mode & groupMayWrite) !== 0 ? mode & 0o3777 : undefined;
}

/**
 * Makes one folder; below a shared one it is shared the same way.
 * @throws FileError as `makeDirectory` does.
 */
export function makeFolder(files: Files, path: string): void {
  files.makeDirectory(path);
  const mode = sharedMode(files, dirname(path));
  if (mode !== undefined) allow(files, path, mode);
}

/** As {@link makeFolder}; a folder that is there already stays as it is. */
export function makeFolderOnce(files: Files, path: string): void {
  try {
    makeFolder(files, path);
  } catch (error) {
    if (!(error instanceof FileError && error.code === "EEXIST")) throw error;
  }
}

/** Gives a new file the access of `base` that the folder it lies in lets have. */
export function allowAsFolder(files: Files, path: string, base: number): void {
  const folder = files.stat(dirname(path));
  if (folder !== null) allow(files, path, base & folder.mode);
}

/** Sets a mode, where the file system has modes that can be set. */
export function allow(files: Files, path: string, mode: number): void {
  try {
    files.setMode(path, mode);
  } catch (error) {
    // Shares of Windows machines refuse: there, the server says who may do what.
    if (!(error instanceof FileError)) throw error;
  }
}
