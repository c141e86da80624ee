import type { PageHeader, ParquetType } from "hyparquet";
import { deltaBinaryUnpack } from "hyparquet/src/delta.js";
import { pageBytesMax } from "./inflate.ts";
import { checkRuns } from "./runs.ts";

/** Most values of one page; writers make pages of some ten thousand, or a row group's million. */
export const pageValuesMax = 1 << 26;

/** What the levels of a column go up to. */
export interface Levels {
  readonly definitionMax: number;
  readonly repetitionMax: number;
}

/** What of a data page decides how much decoding it allocates. */
export interface PageFacts {
  readonly count: number;
  readonly encoding: string;
  readonly type: ParquetType;
  readonly typeLength: number;
  readonly levels: Levels;
}

/**
 * Checks a data page of the first version, already decompressed, before it is decoded.
 *
 * @throws Error when something in it claims more than the page has.
 */
export function checkPage(page: Uint8Array, facts: PageFacts): void {
  const { count, levels } = facts;
  let offset = 0;
  let values = count;
  if (levels.repetitionMax > 0) {
    offset = checkSized(page, offset, bitsOf(levels.repetitionMax), count).end;
  }
  if (levels.definitionMax > 0) {
    const { definitionMax } = levels;
    const block = checkSized(page, offset, bitsOf(definitionMax), count, definitionMax);
    offset = block.end;
    values = block.found;
  }
  checkValues(page.subarray(offset), { ...facts, count: values });
}

/** The same for a page of the second version: levels as in the file, then `values` decompressed. */
export function checkPageV2(
  levelBytes: Uint8Array,
  values: Uint8Array,
  header: NonNullable<PageHeader["data_page_header_v2"]>,
  facts: PageFacts,
): void {
  const { count, levels: { definitionMax, repetitionMax } } = facts;
  const split = header.repetition_levels_byte_length;
  if (repetitionMax > 0) {
    checkRuns(levelBytes, { offset: 0, end: split, width: bitsOf(repetitionMax), count });
  }
  const valueCount = count - header.num_nulls;
  if (definitionMax > 0) {
    const block = { offset: split, end: levelBytes.length, width: bitsOf(definitionMax), count };
    const found = checkRuns(levelBytes, block, definitionMax);
    if (found !== valueCount) throw new Error("a page has another count of nulls than it says");
  }
  checkValues(values, { ...facts, count: valueCount });
}

/** A block of runs behind its length of four bytes. */
function checkSized(page: Uint8Array, offset: number, width: number, count: number, max?: number) {
  if (offset + 4 > page.length) throw new Error("a page ends early");
  const length = new DataView(page.buffer, page.byteOffset + offset, 4).getUint32(0, true);
  const end = offset + 4 + length;
  return { end, found: checkRuns(page, { offset: offset + 4, end, width, count }, max) };
}

function checkValues(bytes: Uint8Array, { count, encoding, type, typeLength }: PageFacts): void {
  if (count < 0) throw new Error("a page has fewer values than nulls");
  if (count === 0) return;
  const end = bytes.length;
  if (encoding === "RLE_DICTIONARY" || encoding === "PLAIN_DICTIONARY") {
    const width = bytes[0];
    if (width === undefined) throw new Error("a page ends early");
    if (width > 0) checkRuns(bytes, { offset: 1, end, width, count });
  } else if (encoding === "RLE") {
    if (type !== "BOOLEAN") throw new Error("only truth values can be in runs");
    checkSized(bytes, 0, 1, count);
  } else if (encoding === "BYTE_STREAM_SPLIT") {
    if (type === "FIXED_LEN_BYTE_ARRAY" && count * typeLength > end) {
      throw new Error("a page ends early");
    }
  } else if (encoding === "DELTA_BYTE_ARRAY") checkPrefixes(bytes, count);
}

/** Texts that repeat the start of the one before can add up to far more than the page. */
function checkPrefixes(bytes: Uint8Array, count: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lengths = new Int32Array(count);
  deltaBinaryUnpack({ view, offset: 0 }, count, lengths);
  let total = 0;
  for (const length of lengths) {
    if (length < 0) throw new Error("a text has a negative length");
    total += length;
  }
  if (total > pageBytesMax) throw new Error(`a page claims ${total} bytes`);
}

function bitsOf(max: number): number {
  return 32 - Math.clz32(max);
}
