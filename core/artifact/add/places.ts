import { FileError, type FileStat, type Host } from "../../../store/host/host.ts";
import { basename, dirname, join, relativeTo, resolve } from "../../../store/path.ts";
import { reasonToRefuse } from "./refusal.ts";

/** Something that is to become an artifact, or a folder of such. */
export interface Present {
  /** Absolute, links followed. */
  readonly path: string;
  /** Relative to the work tree, when it lies in there. */
  readonly workPath: string | undefined;
  readonly stat: FileStat;
}

/** A folder that paths of a command lead to. */
interface Folder {
  /** Absolute, links followed. */
  readonly real: string;
  readonly workPath: string | undefined;
  /** Whether it is the instance's own, or lies in that. */
  readonly isOwn: boolean;
}

/** Where an instance has its folders. */
export interface PlacesOf {
  readonly workTree: string;
  /** What is in here is never added. */
  readonly ownFolder: string;
}

/** Looks paths up, following links; a folder that many files are in is looked at once. */
export class Places {
  readonly #folders = new Map<string, Folder>();
  readonly #workingDirectory: string;
  /** What was given before the name of the last file, and the folder that it means. */
  #lastGiven: string | undefined;
  #lastFolder!: Folder;

  constructor(private readonly host: Host, private readonly places: PlacesOf) {
    this.#workingDirectory = host.workingDirectory();
  }

  /**
   * The file or folder at a path, absolute or relative to the working directory, or why there is
   * none to be added.
   */
  lookUp(given: string): Present | string {
    try {
      const start = given.lastIndexOf("/") + 1;
      const name = given.slice(start);
      if (isPlainName(name)) return this.#lookIn(this.#folderGiven(given.slice(0, start)), name);
      const path = resolve(this.#workingDirectory, given);
      return this.#lookIn(this.#folder(dirname(path)), basename(path));
    } catch (error) {
      if (error instanceof FileError && ["ENOENT", "ENOTDIR", "ELOOP"].includes(error.code)) {
        return absent;
      }
      return reasonToRefuse(error, resolve(this.#workingDirectory, given));
    }
  }

  #lookIn(folder: Folder, name: string): Present | string {
    const path = join(folder.real, name);
    const stat = this.host.files.lstat(path);
    if (stat?.kind === "symlink") return this.#follow(path);
    if (stat === null) return absent;
    if (folder.isOwn || path === this.places.ownFolder) return own;
    return present(path, this.#workPath(folder, name), stat);
  }

  #workPath({ real, workPath }: Folder, name: string): string | undefined {
    if (workPath === undefined) return relativeTo(this.places.workTree, join(real, name));
    return workPath === "" ? name : `${workPath}/${name}`;
  }

  #follow(path: string): Present | string {
    const stat = this.host.files.stat(path);
    if (stat === null) return absent;
    const real = this.host.files.realPath(path);
    const { isOwn, workPath } = this.#lying(real);
    return isOwn ? own : present(real, workPath, stat);
  }

  /** Most files of a list lie where the one before does. */
  #folderGiven(given: string): Folder {
    if (given !== this.#lastGiven) {
      this.#lastFolder = this.#folder(resolve(this.#workingDirectory, given));
      this.#lastGiven = given;
    }
    return this.#lastFolder;
  }

  #folder(path: string): Folder {
    let folder = this.#folders.get(path);
    if (folder === undefined) {
      folder = this.#lying(this.host.files.realPath(path));
      this.#folders.set(path, folder);
    }
    return folder;
  }

  #lying(real: string): Folder {
    const { workTree, ownFolder } = this.places;
    return {
      real,
      workPath: relativeTo(workTree, real),
      isOwn: relativeTo(ownFolder, real) !== undefined,
    };
  }
}

const absent = "it does not exist";
const own = "it belongs to the instance itself";

/** Not one that means another folder, nor one with the separators of Windows. */
function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("\\");
}

function present(path: string, workPath: string | undefined, stat: FileStat): Present | string {
  return stat.kind === "other" ? "it is neither a file nor a folder" : { path, workPath, stat };
}
