import type { CompressionCodec, DecodedArray, PageHeader } from "hyparquet";
import { assembleLists } from "hyparquet/src/assemble.js";
import { convert, convertWithDictionary, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { readDataPage, readDataPageV2 } from "hyparquet/src/datapage.js";
import { readPlain } from "hyparquet/src/plain.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import { decodeUtf8 } from "../utf8.ts";
import type { Inflate } from "./inflate.ts";
import { checkPage, checkPageV2, type Levels, pageValuesMax } from "./page_check.ts";
import type { Leaf } from "./schema.ts";

/** Values stay as the file has them; only text is made from bytes. */
export const plainParsers = {
  ...DEFAULT_PARSERS,
  stringFromBytes: decodeUtf8,
  timestampFromNanoseconds: (count: bigint) => count,
};

type ColumnDecoder = Parameters<typeof convert>[1];

/** Decodes the pages of one column chunk, in order. Everything that it throws means damage. */
export class PageDecoder {
  readonly #decoder: ColumnDecoder;
  readonly #levels: Levels;
  #dictionary: DecodedArray | undefined;
  /** Values that the chunk may still have. */
  #left: number;

  constructor(
    private readonly leaf: Leaf,
    codec: CompressionCodec,
    private readonly inflate: Inflate,
    valueCount: number,
  ) {
    const element = leaf.plainPath.at(-1)!.element;
    const schemaPath = [...leaf.plainPath];
    this.#decoder = {
      pathInSchema: schemaPath.slice(1).map((tree) => tree.element.name),
      type: element.type!,
      element,
      schemaPath,
      codec,
      parsers: plainParsers,
      utf8: false,
    };
    this.#levels = {
      definitionMax: getMaxDefinitionLevel(schemaPath),
      repetitionMax: getMaxRepetitionLevel(schemaPath),
    };
    this.#left = valueCount;
  }

  get isDone(): boolean {
    return this.#left === 0;
  }

  /**
   * The values of a page, put together by its levels behind `rows`: nulls and lists in their
   * places. Null for a page that has no values of its own.
   */
  decode(header: PageHeader, body: Uint8Array, rows: unknown[]): DecodedArray | null {
    if (header.type === "DICTIONARY_PAGE") {
      this.#readDictionary(header, body);
      return null;
    }
    if (header.type === "INDEX_PAGE") return null;
    const count = (header.data_page_header ?? header.data_page_header_v2)?.num_values;
    if (count === undefined) throw new Error("a page is of an unknown kind");
    if (!(count >= 0 && count <= Math.min(this.#left, pageValuesMax))) {
      throw new Error(`a page claims ${count} values`);
    }
    this.#left -= count;
    if (count === 0) return null;
    const { page, encoding } = header.data_page_header === undefined
      ? this.#readV2(header, body, count)
      : this.#readV1(header, body, count);
    const values = this.#converted(page.dataPage, encoding);
    const { definitionLevels, repetitionLevels } = page;
    return assembleLists(
      rows,
      definitionLevels,
      repetitionLevels,
      values,
      this.#decoder.schemaPath,
    );
  }

  #readV1(header: PageHeader, body: Uint8Array, count: number) {
    const own = header.data_page_header!;
    const { definitionMax, repetitionMax } = this.#levels;
    if (
      (definitionMax > 0 && own.definition_level_encoding !== "RLE") ||
      (repetitionMax > 0 && own.repetition_level_encoding !== "RLE")
    ) throw new Error("its levels have an encoding that was given up");
    const bytes = this.inflate(body, header.uncompressed_page_size);
    checkPage(bytes, this.#facts(count, own.encoding));
    return { page: readDataPage(bytes, own, this.#decoder), encoding: own.encoding };
  }

  #readV2(header: PageHeader, body: Uint8Array, count: number) {
    const own = header.data_page_header_v2!;
    const { definition_levels_byte_length: d, repetition_levels_byte_length: r } = own;
    if (!(d >= 0 && r >= 0 && d + r <= body.length && own.num_nulls >= 0)) {
      throw new Error("a page has levels beyond its end");
    }
    const levels = body.subarray(0, d + r);
    const rest = body.subarray(d + r);
    const values = own.is_compressed === false
      ? rest
      : this.inflate(rest, header.uncompressed_page_size - d - r);
    checkPageV2(levels, values, own, this.#facts(count, own.encoding));
    const bytes = new Uint8Array(levels.length + values.length);
    bytes.set(levels);
    bytes.set(values, levels.length);
    const plain = {
      ...header,
      uncompressed_page_size: bytes.length,
      data_page_header_v2: { ...own, is_compressed: false },
    };
    return { page: readDataPageV2(bytes, plain, this.#decoder), encoding: own.encoding };
  }

  #facts(count: number, encoding: string) {
    const { type, type_length: typeLength = 0 } = this.leaf.element;
    return { count, encoding, type: type!, typeLength, levels: this.#levels };
  }

  #readDictionary(header: PageHeader, body: Uint8Array): void {
    const count = header.dictionary_page_header?.num_values ?? -1;
    const bytes = this.inflate(body, header.uncompressed_page_size);
    if (!(count >= 0 && count <= 8 * bytes.length)) {
      throw new Error(`a dictionary claims ${count} values`);
    }
    const { type, element } = this.#decoder;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const values = readPlain({ view, offset: 0 }, type, count, element.type_length);
    this.#dictionary = convert(values, this.#decoder);
  }

  #converted(values: DecodedArray, encoding: Parameters<typeof convertWithDictionary>[2]) {
    if (!encoding.endsWith("_DICTIONARY")) return convert(values, this.#decoder);
    const dictionary = this.#dictionary;
    if (dictionary === undefined && values.length > 0) throw new Error("a dictionary is missing");
    for (const index of values) {
      if (!(index < dictionary!.length)) throw new Error("a value is not in the dictionary");
    }
    return convertWithDictionary(values, dictionary, encoding, this.#decoder);
  }
}
