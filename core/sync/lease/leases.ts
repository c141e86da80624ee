import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import { type ArtifactRow, storageKeyOf } from "../../artifact/storage_key.ts";
import type { Instance } from "../../instance/instance.ts";
import { nearest } from "../../text/nearest.ts";
import { laminAwaited, laminLease, type LeaseRow } from "../tables.ts";
import { namesIn } from "./hold.ts";

/** What another instance reads here, as far as it said so. */
export interface Lease {
  readonly uid: string;
  /** `owner/name` */
  readonly reader: string;
  readonly place: string;
  /** How many contents it reads where they lie; undefined while it finds out which. */
  readonly contents: number | undefined;
  /** How many contents it knows and has not fetched yet. */
  readonly awaited: number;
  /** When it last said so. */
  readonly since: string;
}

/** Which objects of an instance others read. */
export class Leases {
  readonly #names = new Map<string, string>();
  readonly #whole = new Map<number, string>();

  private constructor(rows: readonly LeaseRow[]) {
    for (const { storage_id, reader, names } of rows) {
      if (names === null) this.#whole.set(storage_id, reader);
      for (const name of namesIn(names)) this.#names.set(`${storage_id}/${name}`, reader);
    }
  }

  static async load(reader: Reader): Promise<Leases> {
    return new Leases([...await rowsOf(reader, laminAwaited), ...await rowsOf(reader, laminLease)]);
  }

  /** Who reads an object of a storage, as `owner/name`; undefined for nobody. */
  readerOf(storageId: number, name: string): string | undefined {
    return this.#names.get(`${storageId}/${name}`) ?? this.#whole.get(storageId);
  }
}

/** Who reads contents of some artifacts here, as `owner/name`, in the order of the names. */
export async function readersOf(
  reader: Reader,
  rows: readonly (Parameters<typeof storageKeyOf>[0] & Pick<ArtifactRow, "storage_id">)[],
): Promise<string[]> {
  const leases = await Leases.load(reader);
  const found = rows.flatMap((row) => leases.readerOf(row.storage_id, storageKeyOf(row)) ?? []);
  return [...new Set(found)].sort();
}

/** Who reads here, one for each instance and place, in the order of their names. */
export async function leasesOf(reader: Reader): Promise<Lease[]> {
  const read = await rowsOf(reader, laminLease);
  const awaited = new Set(await rowsOf(reader, laminAwaited));
  const groups = Map.groupBy([...read, ...awaited], (row) => `${row.reader_uid} ${row.place}`);
  return [...groups.values()].map((all) => {
    const own = all.filter((row) => !awaited.has(row));
    return {
      uid: all[0]!.reader_uid,
      reader: all[0]!.reader,
      place: all[0]!.place,
      contents: own.some(({ names }) => names === null) ? undefined : countOf(own),
      awaited: countOf(all.filter((row) => awaited.has(row))),
      since: all.reduce((last, row) => row.created_at > last ? row.created_at : last, ""),
    };
  }).sort((a, b) => a.reader < b.reader ? -1 : 1);
}

function countOf(rows: readonly LeaseRow[]): number {
  return rows.reduce((sum, { names }) => sum + namesIn(names).length, 0);
}

/**
 * Forgets what a reader reads, by its name or uid: from then on nothing is kept for it. Throws code
 * "not_found", "ambiguous" when several have the name.
 */
export async function releaseLeases(instance: Instance, word: string): Promise<Lease[]> {
  instance.requireWritable();
  return await instance.database.write(async (writer) => {
    const leases = await leasesOf(writer);
    const meant = leases.filter(({ uid, reader }) => [uid, reader].includes(word));
    if (meant.length === 0) throw unknownReader(word, leases);
    if (new Set(meant.map(({ uid }) => uid)).size > 1) throw several(word, meant);
    for (const table of [laminLease, laminAwaited]) {
      if (!(await writer.hasTable(table.name))) continue;
      const rows = await writer.select(table, "reader_uid = ?", [meant[0]!.uid]);
      await writer.delete(table, rows.map(({ id }) => id));
    }
    return meant;
  });
}

async function rowsOf(
  reader: Reader,
  table: typeof laminLease | typeof laminAwaited,
): Promise<LeaseRow[]> {
  if (!(await reader.hasTable(table.name))) return [];
  return await reader.select(table, "TRUE ORDER BY id");
}

function unknownReader(word: string, leases: readonly Lease[]): LaminError {
  const names = leases.map(({ reader }) => reader);
  const [near] = nearest(word, names);
  return new LaminError("not_found", `no instance '${word}' reads here`, {
    hint: near !== undefined
      ? `did you mean '${near}'?`
      : names.length > 0
      ? `these do: ${names.join(", ")}`
      : "nobody does, as far as is known",
    data: { reader: word },
  });
}

function several(word: string, meant: readonly Lease[]): LaminError {
  return new LaminError("ambiguous", `several instances that read here are called '${word}'`, {
    hint: `give a uid: ${meant.map(({ uid, place }) => `${uid} (${place})`).join(", ")}`,
    data: { reader: word },
  });
}
