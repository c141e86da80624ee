import type { FileStat } from "../../../store/host/host.ts";
import type { BlobBatch, StagedBlob } from "../../../store/objects/blob_store.ts";
import type { Instance } from "../../instance/instance.ts";
import { laminObject } from "../../side_tables.ts";
import { objectOf } from "../../gc/stored_objects.ts";
import { isUntouched } from "./ingest_file.ts";

/** A file that was hashed and that a store on a server may lack. */
interface Wanted {
  readonly name: string;
  readonly path: string;
  readonly stat: FileStat;
  /** A file of an earlier version with the same bytes, which the server can copy itself. */
  readonly existing: string | undefined;
  /** What was staged of it already, to be hashed. */
  readonly staged: StagedBlob | undefined;
}

/** What was staged for the objects of some sources. */
export interface StagedObjects {
  /** By name of the object. */
  readonly blobs: ReadonlyMap<string, readonly StagedBlob[]>;
  /** Objects of which a file changed since it was hashed. */
  readonly changed: ReadonlySet<string>;
}

/**
 * Stages files for a store on a server, some thousand at a time. There it costs a request to ask
 * for an object, so what the rows note as stored is taken to be there until all are asked for
 * together, under the write lock. Files are named only, and read once more when they are sent:
 * nothing is copied on this machine.
 */
export class ServerStaging {
  #wanted: Wanted[] = [];
  readonly #staged = new Set<string>();

  constructor(private readonly instance: Instance, private readonly batch: BlobBatch) {}

  want(file: Wanted): void {
    this.#wanted.push(file);
  }

  /** Stages what was wanted since the last time. */
  async stage(): Promise<StagedObjects> {
    const wanted = this.#wanted;
    this.#wanted = [];
    const noted = await this.#noted(wanted.map(({ name }) => objectOf(name)!));
    const blobs = new Map<string, StagedBlob[]>();
    const changed = new Set<string>();
    for (const file of wanted) {
      const object = objectOf(file.name)!;
      const isNeeded = !noted.has(object) && !this.#staged.has(file.name) && !changed.has(object);
      const isNew = isNeeded && file.existing === undefined;
      if (!isNew && file.staged !== undefined) this.batch.drop(file.staged);
      if (!isNeeded) continue;
      if (file.existing !== undefined) this.batch.alias(file.existing, file.name);
      else {
        const blob = this.#stageFile(file);
        if (blob === undefined) changed.add(object);
        else blobs.set(object, [...blobs.get(object) ?? [], blob]);
      }
      this.#staged.add(file.name);
    }
    for (const object of changed) blobs.get(object)?.forEach((blob) => this.batch.drop(blob));
    return { blobs, changed };
  }

  #stageFile({ path, name, stat, staged }: Wanted): StagedBlob | undefined {
    const blob = staged ?? this.batch.copyOf(path);
    const after = this.instance.host.files.stat(path);
    if (after !== null && isUntouched(stat, after, false)) {
      this.batch.name(blob, name);
      return blob;
    }
    this.batch.drop(blob);
    return undefined;
  }

  /** Those objects of which the rows say that the store has them. */
  async #noted(objects: readonly string[]): Promise<ReadonlySet<string>> {
    const { database, storage } = this.instance;
    return await database.read(async (reader) => {
      if (objects.length === 0 || !(await this.instance.hasSideTables(reader))) return new Set();
      const list = reader.dialect.valuesOf([...new Set(objects)]);
      const rows = await reader.all<{ name: string }>(
        `SELECT name FROM ${laminObject.name} WHERE name IN (${list.sql}) AND storage_id = ?`,
        [...list.parameters, storage.id],
      );
      return new Set(rows.map(({ name }) => name));
    });
  }
}
