import type { DecodedArray } from "hyparquet";
import { assembleNested } from "hyparquet/src/assemble.js";
import type { Source } from "../../../core/format/format.ts";
import { damaged, decoding, unsupported } from "./damage.ts";
import type { Chunk } from "./footer.ts";
import { inflateFor } from "./inflate.ts";
import { PageDecoder, plainParsers } from "./page_decoder.ts";
import { readPages } from "./pages.ts";
import type { Column, Leaf } from "./schema.ts";

/**
 * The values of a column in one row group, some at a time: page by page for a plain column, all at
 * once for a nested one, whose rows may be spread over pages. Nulls are null or undefined.
 *
 * @throws LaminError "damaged" when bytes cannot be decoded, "failed" for a compression that is not
 * known.
 */
export async function* columnValues(
  source: Source,
  column: Column,
  chunks: readonly Chunk[],
): AsyncGenerator<DecodedArray> {
  const { field, leaves } = column;
  if (field.shape === "value" && !field.isRepeated) {
    yield* plainValues(source, leaves[0]!, chunks[0]!);
    return;
  }
  const parts = new Map<string, DecodedArray>();
  for (const [index, leaf] of leaves.entries()) {
    const path = leaf.plainPath.at(-1)!.path.join(".");
    parts.set(path, await nestedValues(source, leaf, chunks[index]!));
  }
  yield decoding(source.name, `column ${field.element.name}`, () => {
    assembleNested(parts, field.plain, plainParsers);
    const values = parts.get(field.plain.element.name);
    if (values === undefined) throw new Error("its parts do not fit together");
    return values;
  });
}

async function* plainValues(
  source: Source,
  leaf: Leaf,
  chunk: Chunk,
): AsyncGenerator<DecodedArray> {
  const decoder = await pageDecoder(source, leaf, chunk);
  for await (const { header, body } of readPages(source, chunk.start, chunk.end)) {
    const values = decode(source, leaf, () => decoder.decode(header, body, []));
    if (values !== null) yield values;
    if (decoder.isDone) break;
  }
}

/** Most values of a nested column in a row group: they are held at once, in arrays of arrays. */
const nestedValuesMax = 1 << 24;

async function nestedValues(source: Source, leaf: Leaf, chunk: Chunk): Promise<unknown[]> {
  if (chunk.values > nestedValuesMax) {
    throw unsupported(source.name, `a nested column with ${chunk.values} values in a row group`);
  }
  const decoder = await pageDecoder(source, leaf, chunk);
  const rows: unknown[] = [];
  for await (const { header, body } of readPages(source, chunk.start, chunk.end)) {
    const values = decode(source, leaf, () => decoder.decode(header, body, rows));
    // Without levels, values come as they are instead of behind the rows.
    if (values !== null && values !== rows) { for (const value of values) rows.push(value); }
    if (decoder.isDone) break;
  }
  return rows;
}

async function pageDecoder(source: Source, leaf: Leaf, chunk: Chunk): Promise<PageDecoder> {
  const inflate = await inflateFor(chunk.codec);
  if (inflate === null) throw unsupported(source.name, `the compression ${chunk.codec}`);
  return new PageDecoder(leaf, chunk.codec, inflate, chunk.values);
}

function decode<T>(source: Source, leaf: Leaf, work: () => T): T {
  return decoding(source.name, `column ${leaf.path.join(".")}`, work);
}

/** The error for a column that ends before its row group does. */
export function endsEarly(source: Source, column: Column): Error {
  return damaged(source.name, `column ${column.field.element.name} has too few rows`);
}
