import type { IndexedFile } from "./indexed_file.ts";
import type { PackedFolder } from "./packed_folder.ts";

/** Up to which state of the database the verdicts in the cache hold. */
export interface Mark {
  /** The stamp that the database had (see `Database.stamp`). */
  readonly stamp: string;
  /** Branch whose latest versions were compared. */
  readonly branch: number;
  /**
   * Artifacts that belong into the work tree and have no verdict at any path: folders, what was not
   * fetched, deleted, registered in place elsewhere.
   */
  readonly others: readonly number[];
  /**
   * Folders of objects, by name, with a text that stays the same while no name in them comes or
   * goes: in these the objects of all verdicts were seen.
   */
  readonly stored: Readonly<Record<string, string>>;
}

/** The mark, if it is of this state of the database and of this branch. */
export function markOf<M extends Mark>(
  mark: M | undefined,
  stamp: string | undefined,
  branch: number,
): M | undefined {
  return mark !== undefined && mark.stamp === stamp && mark.branch === branch ? mark : undefined;
}

/** What the cache held at one moment: entries by path, unpacked when they are asked for. */
export class IndexedFiles {
  readonly folders: ReadonlyMap<string, PackedFolder>;

  /** `isWhole` tells that nothing that the cache has is missing. */
  constructor(
    folders: Iterable<PackedFolder>,
    readonly mark: Mark | undefined,
    readonly isWhole: boolean,
  ) {
    this.folders = new Map([...folders].map((folder) => [folder.path, folder]));
  }

  get(path: string): IndexedFile | undefined {
    const [folder, position] = this.find(path) ?? [];
    return folder?.file(position!);
  }

  has(path: string): boolean {
    return this.find(path) !== undefined;
  }

  /** Where the entry of a path is. */
  find(path: string): [folder: PackedFolder, position: number] | undefined {
    // A first addition asks a million times.
    if (this.folders.size === 0) return undefined;
    const [folderPath, name] = splitPath(path);
    const folder = this.folders.get(folderPath);
    const position = folder?.position(name) ?? -1;
    return folder === undefined || position < 0 ? undefined : [folder, position];
  }

  get isEmpty(): boolean {
    for (const { names } of this.folders.values()) if (names.length > 0) return false;
    return true;
  }

  *keys(): Iterable<string> {
    for (const folder of this.folders.values()) {
      for (let position = 0; position < folder.names.length; position++) {
        yield folder.pathAt(position);
      }
    }
  }

  *values(): Iterable<IndexedFile> {
    for (const folder of this.folders.values()) {
      for (let position = 0; position < folder.names.length; position++) {
        yield folder.file(position);
      }
    }
  }
}

/** Nothing known, as in a work tree that was never looked at. */
export const nothingIndexed = new IndexedFiles([], undefined, true);

/** The folder (`""` for the root) and the name of a path. */
export function splitPath(path: string): [folder: string, name: string] {
  const end = path.lastIndexOf("/");
  return end < 0 ? ["", path] : [path.slice(0, end), path.slice(end + 1)];
}
