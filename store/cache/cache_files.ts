import { FileError, type FileStat, type Host } from "../host/host.ts";
import { ifThere } from "../objects/if_there.ts";
import { join } from "../path.ts";
import { removeLeftOvers } from "../temporary_name.ts";

/** One content in the cache. */
export interface CacheUse {
  readonly key: string;
  /** What it was when it was fetched. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** When it was last read or written, in milliseconds since 1970. */
  readonly usedMs: number;
}

/** What is noted of a content when it was found right: a file that is another one now is not it. */
export interface CacheNote {
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly inode: number;
}

/** A use so long ago is noted anew. */
const touchedAgainMs = 60_000;

/** Ending of the file with the note of a content. */
export const noteEnding = ".json";

/**
 * The files of the cache: `objects/<first two signs of the key>/<key>`, with a note beside each.
 */
export class CacheFiles {
  constructor(private readonly host: Host, private readonly folder: string) {}

  nameOf(key: string): string {
    return `objects/${key.slice(0, 2)}/${key}`;
  }

  pathOf(key: string): string {
    return join(this.folder, this.nameOf(key));
  }

  /** The note of a content whose file is there and the one that was found right. */
  checked(key: string): CacheNote | undefined {
    const { files } = this.host;
    const path = this.pathOf(key);
    try {
      const stat = files.lstat(path);
      if (stat?.kind !== "file") return undefined;
      const note = this.#noteOf(path);
      return note !== undefined && isFileOf(note, stat) ? note : undefined;
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  /** Notes that a content was used: setting the mode anew moves the time of its last change. */
  touch(key: string): void {
    const { files } = this.host;
    const path = this.pathOf(key);
    const stat = files.lstat(path);
    if (stat === null || this.host.now().getTime() - usedMs(stat) < touchedAgainMs) return;
    try {
      files.setMode(path, stat.mode);
    } catch (error) {
      if (!(error instanceof FileError)) throw error; // of another user: it may be read all the same
    }
  }

  /** All contents; what processes that died left on the way is removed. */
  uses(): CacheUse[] {
    const { files } = this.host;
    const root = join(this.folder, "objects");
    const folders = ifThere(() => files.readNames(root)) ?? [];
    return folders.flatMap((name) => ifThere(() => this.#usesIn(join(root, name))) ?? []);
  }

  #usesIn(folder: string): CacheUse[] {
    const { files } = this.host;
    removeLeftOvers(this.host, folder);
    const keys = files.readNames(folder).filter((name) => /^[0-9a-f]{64}(-named)?$/.test(name));
    return keys.flatMap((key) => {
      const path = join(folder, key);
      const stat = files.lstat(path);
      if (stat?.kind !== "file") return [];
      const name = this.#noteOf(path)?.name ?? "";
      return [{ key, name, size: stat.size, usedMs: usedMs(stat) }];
    });
  }

  /** Removes a content; a process that reads it reads on. */
  remove(key: string): void {
    const path = this.pathOf(key);
    for (const one of [path, path + noteEnding]) {
      try {
        ifThere(() => this.host.files.remove(one));
      } catch (error) {
        if (!(error instanceof FileError)) throw error; // held by a process, on Windows
      }
    }
  }

  #noteOf(path: string): CacheNote | undefined {
    const bytes = ifThere(() => this.host.files.readFile(path + noteEnding));
    if (bytes === undefined) return undefined;
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as CacheNote;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

function isFileOf(note: CacheNote, stat: FileStat): boolean {
  return note.size === stat.size && note.modifiedMs === stat.modifiedMs &&
    note.inode === stat.inode;
}

function usedMs({ modifiedMs, changedMs }: FileStat): number {
  return Math.max(modifiedMs, changedMs);
}
