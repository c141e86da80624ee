import { FileError, type FileStat, type Host } from "../../store/host/host.ts";

/**
 * What lies at an absolute path, links followed or not; null when nothing does, and when the system
 * takes no such name: a key may be longer than any file's.
 */
export function presentAt(
  { files }: Host,
  path: string,
  links: "follow" | "keep" = "keep",
): FileStat | null {
  try {
    return links === "follow" ? files.stat(path) : files.lstat(path);
  } catch (error) {
    if (error instanceof FileError && error.code === "ENAMETOOLONG") return null;
    throw error;
  }
}
