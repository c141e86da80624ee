import type { FileStat } from "../host/host.ts";
import type { IndexedFile } from "./indexed_file.ts";

/**
 * The entries of one folder as they lie in the cache: names in one text, everything else in records
 * of one length. Nothing is unpacked that is not asked for: comparing a file with its record makes
 * no object.
 */

/** What the last comparison with the database found about a file; all bits are 0 for nothing. */
export interface Verdict {
  /** Id of the artifact whose latest version belongs at this path, 0 for none. */
  readonly artifactId: number;
  /** Sum of {@link verdictBit}. */
  readonly bits: number;
}

export const verdictBit = {
  /** The artifact has the content of the entry. */
  clean: 1,
  /** Its key is the path, on the branch main. */
  keyed: 2,
  /** Its bytes are the object that is named after the content. */
  isObject: 4,
} as const;

export const noVerdict: Verdict = { artifactId: 0, bits: 0 };

/** Where the fields of a record lie, in bytes; numbers are 64-bit floats, little-endian. */
const at = {
  size: 0,
  modifiedMs: 8,
  changedMs: 16,
  inode: 24,
  indexedMs: 32,
  artifactId: 40,
  sha256: 48,
  bits: 80,
  hashType: 81,
  hashLength: 82,
  hash: 83,
} as const;
const recordBytes = 120;
const hashLengthMax = recordBytes - at.hash;
const hashTypes = ["md5", "sha1-fl"];

/** Stands between names; no name has it. */
const separator = "/";

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A row of the cache. */
export interface PackedRow {
  readonly path: string;
  readonly names: string;
  readonly records: Uint8Array;
}

/** The entries of one folder. Positions count from 0. */
export class PackedFolder {
  readonly names: readonly string[];
  readonly #records: Uint8Array;
  readonly #view: DataView;
  #positions: Map<string, number> | undefined;

  /** A row that is not what it should be counts as empty: the cache may be anybody's work. */
  constructor(readonly path: string, row?: Omit<PackedRow, "path">) {
    const names = row === undefined || row.names === "" ? [] : row.names.split(separator);
    const isSound = row !== undefined && row.records.length === names.length * recordBytes;
    this.names = isSound ? names : [];
    this.#records = isSound ? row.records : new Uint8Array();
    this.#view = viewOf(this.#records);
  }

  /** Where a file stands, or -1. */
  position(name: string): number {
    this.#positions ??= new Map(this.names.map((name, position) => [name, position]));
    return this.#positions.get(name) ?? -1;
  }

  /** As `isUnchanged` of an entry. */
  isUnchanged(position: number, stat: FileStat): boolean {
    const start = position * recordBytes;
    const number = (offset: number) => this.#view.getFloat64(start + offset, true);
    return number(at.size) === stat.size &&
      number(at.modifiedMs) === stat.modifiedMs &&
      number(at.changedMs) === stat.changedMs &&
      number(at.inode) === stat.inode &&
      number(at.indexedMs) > Math.max(stat.modifiedMs, stat.changedMs);
  }

  artifactId(position: number): number {
    return this.#view.getFloat64(position * recordBytes + at.artifactId, true);
  }

  /** Sum of {@link verdictBit}. */
  bits(position: number): number {
    return this.#records[position * recordBytes + at.bits]!;
  }

  sha256(position: number): string {
    const start = position * recordBytes + at.sha256;
    return this.#records.subarray(start, start + 32).toHex();
  }

  file(position: number): IndexedFile {
    const start = position * recordBytes;
    const number = (offset: number) => this.#view.getFloat64(start + offset, true);
    const hashStart = start + at.hash;
    const hashEnd = hashStart + Math.min(this.#records[start + at.hashLength]!, hashLengthMax);
    const name = this.names[position]!;
    return {
      path: this.path === "" ? name : `${this.path}/${name}`,
      size: number(at.size),
      modifiedMs: number(at.modifiedMs),
      changedMs: number(at.changedMs),
      inode: number(at.inode),
      indexedMs: number(at.indexedMs),
      sha256: this.sha256(position),
      hash: decoder.decode(this.#records.subarray(hashStart, hashEnd)),
      hashType: hashTypes[this.#records[start + at.hashType]!] ?? "md5",
    };
  }

  /** The raw record, to be packed again. */
  record(position: number): Uint8Array {
    return this.#records.subarray(position * recordBytes, (position + 1) * recordBytes);
  }
}

/** An entry as a record; undefined for hashes of a kind that has no place in it. */
export function packRecord(file: IndexedFile): Uint8Array | undefined {
  const hashType = hashTypes.indexOf(file.hashType);
  if (hashType < 0 || file.hash.length > hashLengthMax || file.sha256.length !== 64) {
    return undefined;
  }
  const record = new Uint8Array(recordBytes);
  const view = viewOf(record);
  view.setFloat64(at.size, file.size, true);
  view.setFloat64(at.modifiedMs, file.modifiedMs, true);
  view.setFloat64(at.changedMs, file.changedMs, true);
  view.setFloat64(at.inode, file.inode, true);
  view.setFloat64(at.indexedMs, file.indexedMs, true);
  record.set(Uint8Array.fromHex(file.sha256), at.sha256);
  record[at.hashType] = hashType;
  record[at.hashLength] = file.hash.length;
  encoder.encodeInto(file.hash, record.subarray(at.hash));
  return record;
}

/** A record with another verdict. */
export function withVerdict(record: Uint8Array, { artifactId, bits }: Verdict): Uint8Array {
  const changed = record.slice();
  viewOf(changed).setFloat64(at.artifactId, artifactId, true);
  changed[at.bits] = bits;
  return changed;
}

export function verdictOf(record: Uint8Array): Verdict {
  return { artifactId: viewOf(record).getFloat64(at.artifactId, true), bits: record[at.bits]! };
}

/** Whether two records speak of the same bytes. */
export function sameContent(a: Uint8Array, b: Uint8Array): boolean {
  for (let index = at.sha256; index < at.bits; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** Records by name as the columns of a row. */
export function packFolder(records: ReadonlyMap<string, Uint8Array>): Omit<PackedRow, "path"> {
  const names = [...records.keys()].sort();
  const packed = new Uint8Array(names.length * recordBytes);
  names.forEach((name, position) => packed.set(records.get(name)!, position * recordBytes));
  return { names: names.join(separator), records: packed };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
