import { FileError, type FileStat, type Host } from "./host/host.ts";
import { join } from "./path.ts";

/**
 * How far the clocks of two machines may be apart, in milliseconds, where only ours can be asked.
 */
const clocksApartMs = 60 * 60 * 1000;

/**
 * The clock that gives files their times. On a network file system it is the server's, which may be
 * ahead of this machine's or behind it, and may count in whole seconds. So it is asked, once, by
 * making a file and looking at its time.
 *
 * A file that is read after this moment and has an earlier time surely has the content that was
 * read as long as it has that time: whoever writes to it later gives it a time that is not earlier
 * than this moment.
 */
export class FileClock {
  #asked: FileStat | null | undefined;

  /** `folder` is where a file can be made, on the disk of the files in question. */
  constructor(private readonly host: Host, private readonly folder: string) {}

  /**
   * The moment, in milliseconds since 1970 by the clock of this file, when this was called first;
   * to be called before the file is read. For a file of another disk, or where nothing can be made,
   * a moment so early that it holds by any clock.
   */
  before(stat: FileStat): number {
    if (this.#asked === undefined) this.#asked = this.#ask();
    const asked = this.#asked;
    if (asked !== null && asked.device === stat.device) return asked.modifiedMs;
    return this.host.now().getTime() - clocksApartMs;
  }

  /**
   * The name is always the same, so that what a command left that died goes with the next one. One
   * of another command that runs may be there, or be gone again at once.
   */
  #ask(): FileStat | null {
    const { files } = this.host;
    const path = join(this.folder, "work_index.clock");
    try {
      for (let round = 0; round < 10; round++) {
        this.#removeIfThere(path);
        this.#make(path);
        const stat = files.lstat(path);
        if (stat?.kind === "file") return stat;
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    } finally {
      this.#removeIfThere(path);
    }
    return null;
  }

  #make(path: string): void {
    try {
      // Some file systems let the time of an empty file be that of the machine that asked for it.
      this.host.files.writeFile(path, new Uint8Array(1), { createNew: true });
    } catch (error) {
      if (!(error instanceof FileError && error.code === "EEXIST")) throw error;
    }
  }

  /** A disk that is full lets a file be made that it does not let be written. */
  #removeIfThere(path: string): void {
    try {
      if (this.host.files.lstat(path) !== null) this.host.files.remove(path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
}
