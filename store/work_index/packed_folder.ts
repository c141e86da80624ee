import type { FileStat } from "../host/host.ts";
import { checksum } from "./checksum.ts";
import { hasTimes, type IndexedFile } from "./indexed_file.ts";

/**
 * The entries of one folder as they lie in the cache: names in one text, everything else in records
 * of one length, with numbers as this kind of machine has them. Nothing is unpacked that is not
 * asked for: comparing a file with its record makes no object.
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
  /** Its bytes are the object that is named after the content, in the instance's own storage. */
  isObject: 4,
} as const;

export const noVerdict: Verdict = { artifactId: 0, bits: 0 };

/** Where the numbers of a record lie, counted in 64-bit floats. */
const number = {
  size: 0,
  modifiedMs: 1,
  changedMs: 2,
  inode: 3,
  indexedMs: 4,
  artifactId: 5,
  count: 15,
} as const;
/** Where its other fields lie, in bytes. */
const byte = { sha256: 48, bits: 80, hashType: 81, hashLength: 82, hash: 83, count: 120 } as const;
const hashLengthMax = byte.count - byte.hash;
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
  /** Of all the others. */
  readonly checksum: number;
}

/** The entries of one folder, in the order of names. Positions count from 0. */
export class PackedFolder {
  readonly names: readonly string[];
  /** False for a row that is not what was written, and counts as empty. */
  readonly isSound: boolean;
  readonly #bytes: Uint8Array;
  readonly #numbers: Float64Array;
  #next = 0;
  #positions: Map<string, number> | undefined;

  constructor(readonly path: string, row?: PackedRow) {
    const bytes = row?.records instanceof Uint8Array ? aligned(row.records) : new Uint8Array();
    const names = !row?.names ? [] : String(row.names).split(separator);
    this.isSound = row === undefined ||
      bytes.length === names.length * byte.count && row.checksum === checksumOf(path, names, bytes);
    this.names = this.isSound ? names : [];
    this.#bytes = this.isSound ? bytes : new Uint8Array();
    this.#numbers = numbersOf(this.#bytes);
  }

  /** Where a file stands, or -1. Quickest for names in their order, as a walk meets them. */
  position(name: string): number {
    if (this.names[this.#next] === name) return this.#next++;
    this.#positions ??= new Map(this.names.map((name, position) => [name, position]));
    const position = this.#positions.get(name) ?? -1;
    if (position >= 0) this.#next = position + 1;
    return position;
  }

  pathAt(position: number): string {
    const name = this.names[position]!;
    return this.path === "" ? name : `${this.path}/${name}`;
  }

  /** As `isUnchanged` of an entry. */
  isUnchanged(position: number, stat: FileStat): boolean {
    const numbers = this.#numbers;
    const start = position * number.count;
    return hasTimes(
      stat,
      numbers[start + number.size]!,
      numbers[start + number.modifiedMs]!,
      numbers[start + number.changedMs]!,
      numbers[start + number.inode]!,
      numbers[start + number.indexedMs]!,
    );
  }

  artifactId(position: number): number {
    return this.#numbers[position * number.count + number.artifactId]!;
  }

  get hasVerdicts(): boolean {
    return this.names.some((_, position) =>
      this.artifactId(position) !== 0 || this.bits(position) !== 0
    );
  }

  verdict(position: number): Verdict {
    return { artifactId: this.artifactId(position), bits: this.bits(position) };
  }

  /** Sum of {@link verdictBit}. */
  bits(position: number): number {
    return this.#bytes[position * byte.count + byte.bits]!;
  }

  /** The first byte of the SHA-256. */
  firstByte(position: number): number {
    return this.#bytes[position * byte.count + byte.sha256]!;
  }

  sha256(position: number): string {
    return this.record(position).subarray(byte.sha256, byte.bits).toHex();
  }

  file(position: number): IndexedFile {
    const record = this.record(position);
    const numbers = this.#numbers.subarray(position * number.count);
    const hashLength = Math.min(record[byte.hashLength]!, hashLengthMax);
    return {
      path: this.pathAt(position),
      size: numbers[number.size]!,
      modifiedMs: numbers[number.modifiedMs]!,
      changedMs: numbers[number.changedMs]!,
      inode: numbers[number.inode]!,
      indexedMs: numbers[number.indexedMs]!,
      sha256: this.sha256(position),
      hash: decoder.decode(record.subarray(byte.hash, byte.hash + hashLength)),
      hashType: hashTypes[record[byte.hashType]!] ?? "md5",
    };
  }

  /** The raw record, to be packed again. */
  record(position: number): Uint8Array {
    return this.#bytes.subarray(position * byte.count, (position + 1) * byte.count);
  }
}

/** Whether an entry has a place in a record: hashes of other kinds have none. */
export function canBePacked(file: IndexedFile): boolean {
  return hashTypes.includes(file.hashType) && file.hash.length <= hashLengthMax &&
    file.sha256.length === 64;
}

/** What a record is made of: an entry, or one that is in a folder already, and a verdict. */
export interface Unpacked {
  readonly entry: IndexedFile | { readonly folder: PackedFolder; readonly position: number };
  readonly verdict: Verdict;
}

/**
 * Entries by name as the columns of a row. They are written into one piece of memory: pieces of
 * their own would be as many as there are files.
 */
export function packFolder(path: string, entries: ReadonlyMap<string, Unpacked>): PackedRow {
  const names = [...entries.keys()].sort();
  const records = new Uint8Array(names.length * byte.count);
  const numbers = numbersOf(records);
  names.forEach((name, position) => {
    const { entry, verdict } = entries.get(name)!;
    const record = records.subarray(position * byte.count, (position + 1) * byte.count);
    if ("folder" in entry) record.set(entry.folder.record(entry.position));
    else pack(entry, record, numbers, position * number.count);
    numbers[position * number.count + number.artifactId] = verdict.artifactId;
    record[byte.bits] = verdict.bits;
  });
  const text = names.join(separator);
  return { path, names: text, records, checksum: checksumOf(path, names, records) };
}

function checksumOf(path: string, names: readonly string[], records: Uint8Array): number {
  return checksum([path, ...names].join(separator), records);
}

function pack(
  file: IndexedFile,
  record: Uint8Array,
  numbers: Float64Array,
  start: number,
): void {
  numbers[start + number.size] = file.size;
  numbers[start + number.modifiedMs] = file.modifiedMs;
  numbers[start + number.changedMs] = file.changedMs;
  numbers[start + number.inode] = file.inode;
  numbers[start + number.indexedMs] = file.indexedMs;
  record.subarray(byte.sha256).setFromHex(file.sha256);
  record[byte.hashType] = hashTypes.indexOf(file.hashType);
  record[byte.hashLength] = file.hash.length;
  encoder.encodeInto(file.hash, record.subarray(byte.hash));
}

/** Numbers can be looked at in place only where they begin at a multiple of their size. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
}

function numbersOf(records: Uint8Array): Float64Array {
  return new Float64Array(
    records.buffer,
    records.byteOffset,
    records.length / Float64Array.BYTES_PER_ELEMENT,
  );
}
