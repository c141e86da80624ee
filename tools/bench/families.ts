import { Random } from "./random.ts";

/** One row of an artifact: which key it is a version of. */
export interface Family {
  /** From 0, in the order in which they were added. */
  readonly row: number;
  /** Number of the key. */
  readonly key: number;
  /** First 16 characters of the uid, the same for all versions. */
  readonly stem: string;
  readonly version: number;
  readonly isLatest: boolean;
}

const suffixes = [".fastq.gz", ".parquet", ".csv", ".h5ad", ".parquet", ".bam", ".tif", ".csv"];

/** Versions of the key that is asked for most. */
const longHistory = 12;

/** The text of a key: a thousand of them lie in a folder. */
export function keyOf(key: number): string {
  const folder = Math.floor(key / 1000).toString().padStart(4, "0");
  return `exp/${folder}/s${key}${suffixOf(key)}`;
}

export function suffixOf(key: number): string {
  return suffixes[key % suffixes.length]!;
}

/**
 * So many rows: one in ten is a new version of an earlier key, and the eighth key has a long history.
 */
export function* familiesOf(count: number): Generator<Family> {
  const random = new Random(10);
  const keys = new Uint32Array(count);
  const versions = new Uint32Array(count);
  const lastRows = new Uint32Array(count);
  const versionsOfKey = new Uint32Array(count);
  let known = 0;
  for (let row = 0; row < count; row++) {
    const isNew = row < 20 || random.below(10) > 0;
    const isOfLongHistory = versionsOfKey[7]! < longHistory && random.below(10) === 0;
    const key = isNew ? known++ : isOfLongHistory ? 7 : random.below(known);
    keys[row] = key;
    versions[row] = versionsOfKey[key]!++;
    lastRows[key] = row;
  }
  for (let row = 0; row < count; row++) {
    const key = keys[row]!;
    yield {
      row,
      key,
      stem: new Random(Math.imul(key + 1, 2654435761)).text(16),
      version: versions[row]!,
      isLatest: lastRows[key] === row,
    };
  }
}
