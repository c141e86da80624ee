import { timeStepMs } from "../../../store/database/sqlite_stamp.ts";
import type { FileStat } from "../../../store/host/host.ts";
import { join } from "../../../store/path.ts";
import type { IndexedFiles, Mark } from "../../../store/work_index/indexed_files.ts";
import { type PackedFolder, verdictBit } from "../../../store/work_index/packed_folder.ts";
import type { IndexUpdate } from "../../../store/work_index/work_index.ts";
import { suffixOf } from "../../identity/suffix.ts";
import type { Instance } from "../../instance/instance.ts";
import { objectsFolder } from "../storage_key.ts";

/** A folder of objects, by the first byte of their content's SHA-256. */
interface Folder {
  /** Undefined where all objects that are asked for were seen, and no name came or went since. */
  readonly names: ReadonlySet<string> | undefined;
  /** What stays the same while no name comes or goes; undefined where that cannot be told. */
  readonly stamp: string | undefined;
}

/**
 * Whether the own storage still has the objects of files that did not change. Nobody looks for each
 * of them: a folder in which no name came or went since all were there has them all.
 */
export class StoredObjects {
  readonly #root: string | undefined;
  readonly #folders = new Map<number, Folder>();
  readonly #suffixes = new Map<string, string>();

  constructor(
    private readonly instance: Instance,
    private readonly indexed: IndexedFiles,
    private readonly mark: Mark,
  ) {
    this.#root = instance.blobsOf(instance.ownStorage.id).locate(objectsFolder);
  }

  /**
   * Whether the content of a file is there under the suffix of its name. A server is not asked: an
   * object that an artifact has is taken away by no command, and `fsck` finds what else did it.
   */
  has(folder: PackedFolder, position: number): boolean {
    if (this.#root === undefined) return true;
    const byte = folder.firstByte(position);
    let stored = this.#folders.get(byte);
    if (stored === undefined) this.#folders.set(byte, stored = this.#look(byte));
    return stored.names === undefined || this.#isAmong(stored.names, folder, position);
  }

  /** What was found out, once all files were asked about. */
  learnt(): IndexUpdate["stored"] {
    const listed = [...this.#folders].filter(([, { names }]) => names !== undefined);
    // The objects of files that are not known here may be missing.
    if (!this.indexed.isWhole || listed.length === 0) return undefined;
    const missing = this.#withMissing();
    const stored = { ...this.mark.stored };
    let isNew = false;
    for (const [byte, { stamp }] of listed) {
      if (stamp === undefined || missing.has(byte)) continue;
      stored[nameOf(byte)] = stamp;
      isNew = true;
    }
    return isNew ? { stamp: this.mark.stamp, stored } : undefined;
  }

  /** Folders that were listed and lack the object of some file. */
  #withMissing(): Set<number> {
    const missing = new Set<number>();
    for (const folder of this.indexed.folders.values()) {
      for (let position = 0; position < folder.names.length; position++) {
        if ((folder.bits(position) & verdictBit.isObject) === 0) continue;
        const byte = folder.firstByte(position);
        const names = this.#folders.get(byte)?.names;
        if (names !== undefined && !this.#isAmong(names, folder, position)) missing.add(byte);
      }
    }
    return missing;
  }

  #isAmong(names: ReadonlySet<string>, folder: PackedFolder, position: number): boolean {
    return names.has(folder.sha256(position) + this.#suffixOf(folder.names[position]!));
  }

  /** Found once for all names that are the same after the first dot. */
  #suffixOf(name: string): string {
    const dot = name.indexOf(".", 1);
    const end = dot < 0 ? "" : name.slice(dot);
    let suffix = this.#suffixes.get(end);
    if (suffix === undefined) this.#suffixes.set(end, suffix = suffixOf(name).canonical);
    return suffix;
  }

  #look(byte: number): Folder {
    const { files } = this.instance.host;
    const path = join(this.#root!, nameOf(byte));
    const stat = files.lstat(path);
    if (stat?.kind !== "directory") {
      return { names: new Set(), stamp: undefined };
    }
    const stamp = this.#stampOf(stat);
    if (stamp !== undefined && this.mark.stored[nameOf(byte)] === stamp) {
      return { names: undefined, stamp };
    }
    return { names: new Set(files.readNames(path)), stamp };
  }

  /** None so soon after a change that another one could have the same time. */
  #stampOf({ inode, modifiedMs, changedMs }: FileStat): string | undefined {
    const newest = Math.max(modifiedMs, changedMs);
    if (this.instance.host.now().getTime() - newest <= timeStepMs) return undefined;
    return [inode, modifiedMs, changedMs].join(" ");
  }
}

function nameOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
