import { FileError, type FileStat, type Host } from "../../../store/host/host.ts";
import { basename, dirname, join } from "../../../store/path.ts";
import { reasonToRefuse } from "./refusal.ts";

/** Something that is to become an artifact, or a folder of such. */
export interface Present {
  /** Absolute, links followed. */
  readonly path: string;
  readonly stat: FileStat;
}

/** Looks paths up, following links; folders that many files are in are followed once. */
export class Places {
  readonly #realFolders = new Map<string, string>();

  constructor(private readonly host: Host) {}

  /** The file or folder at an absolute path, or why there is none to be added. */
  lookUp(path: string): Present | string {
    try {
      const real = join(this.#realFolder(dirname(path)), basename(path));
      const stat = this.host.files.lstat(real);
      if (stat?.kind === "symlink") return this.#follow(path);
      return stat === null ? absent : present(real, stat);
    } catch (error) {
      if (error instanceof FileError && ["ENOENT", "ENOTDIR", "ELOOP"].includes(error.code)) {
        return absent;
      }
      return reasonToRefuse(error, path);
    }
  }

  #follow(path: string): Present | string {
    const stat = this.host.files.stat(path);
    return stat === null ? absent : present(this.host.files.realPath(path), stat);
  }

  #realFolder(folder: string): string {
    let real = this.#realFolders.get(folder);
    if (real === undefined) {
      real = this.host.files.realPath(folder);
      this.#realFolders.set(folder, real);
    }
    return real;
  }
}

const absent = "it does not exist";

function present(path: string, stat: FileStat): Present | string {
  return stat.kind === "other" ? "it is neither a file nor a folder" : { path, stat };
}
