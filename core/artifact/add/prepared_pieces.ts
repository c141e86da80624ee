import type { StagedBlob } from "../../../store/objects/blob_store.ts";
import type { ArtifactKey } from "../../identity/key.ts";
import type { Prepared } from "./prepared.ts";

/** How many are packed together. */
const pieceLength = 1000;

/** Stands between texts that cannot have it: paths and keys. */
const separator = "\0";

/** Where the fields of a record lie, in bytes. */
const at = {
  size: 0,
  sha256: 8,
  hash: 40,
  suffix: 72,
  otype: 73,
  hashType: 74,
  count: 80,
} as const;
const hashLength = at.suffix - at.hash;

/** Files with keys, with everything but their texts in records of one length. */
interface Piece {
  readonly length: number;
  /** Where they are keys below one folder, only that folder. */
  readonly paths: string | { readonly below: string };
  /** Empty where all of them are the keys, undefined where there are none. */
  readonly workPaths: string | undefined;
  readonly keys: string;
  readonly records: Uint8Array;
  /** What the numbers in the records stand for. */
  readonly words: readonly (string | null)[];
  readonly staged: readonly (StagedBlob | undefined)[] | undefined;
}

/**
 * Prepared sources, of which there may be a million: files with a key take a tenth of the memory
 * here that they would take as objects. Sources without a key count once for each content.
 */
export class PreparedPieces {
  #pieces: (Piece | Prepared[])[] = [];
  #plain: Prepared[] = [];
  #others: Prepared[] = [];
  readonly #keyless = new Set<string>();
  #length = 0;
  #hasStaged = false;

  get length(): number {
    return this.#length;
  }

  /** Whether some have no key. */
  get hasKeyless(): boolean {
    return this.#keyless.size > 0;
  }

  /** Whether the batch is to store something for any of them. */
  get hasStaged(): boolean {
    return this.#hasStaged;
  }

  push(prepared: Prepared): void {
    const { source, sha256 } = prepared;
    if (source.key === null) {
      // Without a key, content is all that tells artifacts apart: the same twice is one.
      if (this.#keyless.has(sha256)) return;
      this.#keyless.add(sha256);
    }
    this.#length++;
    this.#hasStaged ||= prepared.staged.length > 0;
    if (isPlain(prepared)) this.#plain.push(prepared);
    else this.#others.push(prepared);
    if (this.#plain.length === pieceLength) {
      this.#pieces.push(pack(this.#plain) ?? this.#plain);
      this.#plain = [];
    }
  }

  /** Lets go what was staged for the many, when that has been published. */
  forgetStaged(): void {
    this.#pieces = this.#pieces.map((piece) =>
      Array.isArray(piece) ? piece : { ...piece, staged: undefined }
    );
  }

  /** Those that are wanted. */
  filtered(isWanted: (prepared: Prepared) => boolean): PreparedPieces {
    const kept = new PreparedPieces();
    for (const piece of this.pieces()) {
      for (const prepared of piece) if (isWanted(prepared)) kept.push(prepared);
    }
    return kept;
  }

  /** All of them, some at a time. */
  *pieces(): Iterable<Prepared[]> {
    for (const piece of this.#pieces) yield Array.isArray(piece) ? piece : unpack(piece);
    if (this.#plain.length > 0) yield this.#plain;
    for (let start = 0; start < this.#others.length; start += pieceLength) {
      yield this.#others.slice(start, start + pieceLength);
    }
  }
}

/** Whether a record has a place for all of it. */
function isPlain({ source, manifest, staged, spare, hash }: Prepared): boolean {
  return source.key !== null && !source.isFolder && manifest === undefined && staged.length < 2 &&
    spare === undefined && hash.length < hashLength;
}

const wordsMax = 256;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Undefined for files with more suffixes and types than a byte can number, and for mixed ones. */
function pack(files: readonly Prepared[]): Piece | undefined {
  const records = new Uint8Array(files.length * at.count);
  const sizes = new Float64Array(records.buffer);
  const words: (string | null)[] = [];
  const numberOf = (word: string | null) => {
    const known = words.indexOf(word);
    return known >= 0 ? known : words.push(word) - 1;
  };
  files.forEach(({ size, sha256, hash, hashType, suffix, otype }, index) => {
    const record = records.subarray(index * at.count, (index + 1) * at.count);
    sizes[index * at.count / 8] = size;
    record.subarray(at.sha256).setFromHex(sha256);
    record[at.hash] = hash.length;
    encoder.encodeInto(hash, record.subarray(at.hash + 1));
    record[at.suffix] = numberOf(suffix);
    record[at.otype] = numberOf(otype);
    record[at.hashType] = numberOf(hashType);
  });
  const outside = files.filter(({ source }) => source.workPath === undefined).length;
  if (words.length > wordsMax || (outside > 0 && outside < files.length)) return undefined;
  const isSame = files.every(({ source }) => source.workPath === source.key);
  const hasStaged = files.some(({ staged }) => staged.length > 0);
  return {
    length: files.length,
    paths: pathsOf(files),
    workPaths: outside > 0
      ? undefined
      : isSame
      ? ""
      : files.map(({ source }) => source.workPath).join(separator),
    keys: files.map(({ source }) => source.key).join(separator),
    records,
    words,
    staged: hasStaged ? files.map(({ staged }) => staged[0]) : undefined,
  };
}

function pathsOf(files: readonly Prepared[]): Piece["paths"] {
  const { path, key } = files[0]!.source;
  const below = path.slice(0, path.length - key!.length);
  return files.every(({ source }) => source.path === below + source.key)
    ? { below }
    : files.map(({ source }) => source.path).join(separator);
}

function unpack({ length, paths, workPaths, keys, records, words, staged }: Piece): Prepared[] {
  const sizes = new Float64Array(records.buffer);
  const keyList = keys.split(separator);
  const pathList = typeof paths === "string"
    ? paths.split(separator)
    : keyList.map((key) => paths.below + key);
  const workList = workPaths === "" ? keyList : workPaths?.split(separator);
  return Array.from({ length }, (_, index) => {
    const record = records.subarray(index * at.count, (index + 1) * at.count);
    const hashStart = at.hash + 1;
    const blob = staged?.[index];
    return {
      source: {
        path: pathList[index]!,
        workPath: workList?.[index],
        key: keyList[index]! as ArtifactKey,
        isFolder: false,
      },
      sha256: record.subarray(at.sha256, at.hash).toHex(),
      hash: decoder.decode(record.subarray(hashStart, hashStart + record[at.hash]!)),
      hashType: words[record[at.hashType]!]!,
      size: sizes[index * at.count / 8]!,
      suffix: words[record[at.suffix]!]!,
      otype: words[record[at.otype]!]!,
      manifest: undefined,
      staged: blob === undefined ? [] : [blob],
    };
  });
}
