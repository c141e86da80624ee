import type { StagedBlob } from "../../../store/objects/blob_store.ts";
import type { ArtifactKey } from "../../identity/key.ts";
import { packTexts, unpackTexts } from "./packed_texts.ts";
import type { Prepared } from "./prepared.ts";

/** How many are packed together. */
const pieceLength = 1000;

/** Stands between hashes. */
const separator = "\0";

/** Hexadecimal digits of a SHA-256. */
const sha256Digits = 64;

/** Files with keys, field by field. */
interface Piece {
  readonly length: number;
  /** Where they are keys below one folder, only that folder. */
  readonly paths: string | { readonly below: string };
  /** Empty where all of them are the keys, undefined where there are none. */
  readonly workPaths: string | undefined;
  readonly keys: string;
  readonly sizes: Float64Array;
  readonly sha256: Uint8Array;
  readonly hashes: string;
  /** Of each file the numbers of its suffix, type and type of hash in `words`. */
  readonly numbers: Uint8Array;
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

/** Whether the fields of a piece have a place for all of it. */
function isPlain({ source, sha256, manifest, staged, spare }: Prepared): boolean {
  return source.key !== null && !source.isFolder && sha256.length === sha256Digits &&
    manifest === undefined && staged.length < 2 && spare === undefined;
}

const wordsMax = 256;

/** Undefined for files with more suffixes and types than a byte can number, and for mixed ones. */
function pack(files: readonly Prepared[]): Piece | undefined {
  const sizes = new Float64Array(files.length);
  const numbers = new Uint8Array(3 * files.length);
  const words: (string | null)[] = [];
  const numberOf = (word: string | null) => {
    const known = words.indexOf(word);
    return known >= 0 ? known : words.push(word) - 1;
  };
  files.forEach(({ size, hashType, suffix, otype }, index) => {
    sizes[index] = size;
    numbers[3 * index] = numberOf(suffix);
    numbers[3 * index + 1] = numberOf(otype);
    numbers[3 * index + 2] = numberOf(hashType);
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
      : packTexts(files.map(({ source }) => source.workPath!)),
    keys: packTexts(files.map(({ source }) => source.key!)),
    sizes,
    sha256: Uint8Array.fromHex(files.map(({ sha256 }) => sha256).join("")),
    hashes: files.map(({ hash }) => hash).join(separator),
    numbers,
    words,
    staged: hasStaged ? files.map(({ staged }) => staged[0]) : undefined,
  };
}

function pathsOf(files: readonly Prepared[]): Piece["paths"] {
  const { path, key } = files[0]!.source;
  const below = path.slice(0, path.length - key!.length);
  return files.every(({ source }) => source.path === below + source.key)
    ? { below }
    : packTexts(files.map(({ source }) => source.path));
}

function unpack(piece: Piece): Prepared[] {
  const { length, paths, workPaths, keys, sizes, numbers, words, staged } = piece;
  const keyList = unpackTexts(keys);
  const pathList = typeof paths === "string"
    ? unpackTexts(paths)
    : keyList.map((key) => paths.below + key);
  const workList = workPaths === "" ? keyList : workPaths && unpackTexts(workPaths);
  const hashList = piece.hashes.split(separator);
  const sha256 = piece.sha256.toHex();
  return Array.from({ length }, (_, index) => {
    const blob = staged?.[index];
    return {
      source: {
        path: pathList[index]!,
        workPath: workList?.[index],
        key: keyList[index]! as ArtifactKey,
        isFolder: false,
      },
      sha256: sha256.slice(index * sha256Digits, (index + 1) * sha256Digits),
      hash: hashList[index]!,
      hashType: words[numbers[3 * index + 2]!]!,
      size: sizes[index]!,
      suffix: words[numbers[3 * index]!]!,
      otype: words[numbers[3 * index + 1]!]!,
      manifest: undefined,
      staged: blob === undefined ? [] : [blob],
    };
  });
}
