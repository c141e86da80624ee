import { FileError, type Host } from "../../store/host/host.ts";
import { join } from "../../store/path.ts";
import { isTemporaryName } from "../../store/temporary_name.ts";
import { reservedFolders } from "../identity/reserved_name.ts";
import { readText } from "../instance/settings.ts";

/** File in any folder with patterns of what `add` and `status` pass over, in git's syntax. */
export const ignoreFileName = ".laminignore";

/** The database of LaminDB 1.x, which lay beside the data, with what SQLite puts beside it. */
const formerDatabase = /^[0-9a-f]{32}\.lndb(?:-(?:wal|shm|journal))?$/;

/** Files that systems and these programs leave about. */
function isDebris(name: string): boolean {
  return name === ".DS_Store" || name === "Thumbs.db" || isTemporaryName(name) ||
    (name.includes(".lndb") && formerDatabase.test(name));
}

/** Decides what a walk passes over. Paths are relative to the root of the walk. */
export interface IgnoreRules {
  /** Reads the patterns of a folder that the walk enters. */
  enter(folder: string): Promise<void>;
  /** `name` is the last part of `path`. */
  ignores(path: string, name: string, isFolder: boolean): boolean;
}

interface Matcher {
  test(path: string): { ignored: boolean; unignored: boolean };
}

/** The rules below `root`, an absolute path. */
export function ignoreRules(host: Host, root: string): IgnoreRules {
  const matchers = new Map<string, Matcher>();
  return {
    async enter(folder) {
      const text = patternsIn(host, join(root, folder));
      if (text === undefined) return;
      // Loaded only where there is such a file.
      const { default: ignore } = await import("ignore");
      matchers.set(folder, ignore({ allowRelativePaths: true }).add(text));
    },
    ignores(path, name, isFolder) {
      if (reservedFolders.has(name) || isDebris(name)) return true;
      return matchers.size > 0 && matches(matchers, path, isFolder);
    },
  };
}

/**
 * The text of a folder's patterns. In a folder that may not be searched nothing else can be opened
 * either; patterns that cannot be read where files can would let in what they keep out, so then the
 * FileError is thrown.
 */
function patternsIn(host: Host, folder: string): string | undefined {
  const path = join(folder, ignoreFileName);
  try {
    if (host.files.lstat(path) === null) return undefined;
  } catch (error) {
    if (error instanceof FileError && ["EACCES", "EPERM"].includes(error.code)) return undefined;
    throw error;
  }
  return readText(host, path);
}

/** The patterns of the nearest folder that speaks of the path decide, as in git. */
function matches(matchers: ReadonlyMap<string, Matcher>, path: string, isFolder: boolean): boolean {
  for (let end = path.lastIndexOf("/");; end = path.lastIndexOf("/", end - 1)) {
    const folder = end < 0 ? "" : path.slice(0, end);
    const matcher = matchers.get(folder);
    if (matcher !== undefined) {
      const relative = path.slice(folder === "" ? 0 : folder.length + 1);
      const verdict = matcher.test(isFolder ? `${relative}/` : relative);
      if (verdict.ignored) return true;
      if (verdict.unignored) return false;
    }
    if (end < 0) return false;
  }
}
