import type { PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import type { Source } from "../../../core/format/format.ts";
import { damaged, decoding } from "./damage.ts";
import { checkThrift, ThriftCutOff } from "./thrift.ts";

export interface Page {
  readonly header: PageHeader;
  /** As in the file, maybe compressed. */
  readonly body: Uint8Array;
}

/** Bytes read at a time; a page that is larger is read on its own. */
const windowBytes = 1024 * 1024;

/** Longest page header; statistics in it hold two values of the column. */
const headerBytesMax = 16 * 1024 * 1024;

/**
 * Pages of a column chunk, which lies in the file from `start` to `end`, read a window at a time.
 */
export async function* readPages(
  source: Source,
  start: number,
  end: number,
): AsyncGenerator<Page> {
  let window = new Uint8Array(0);
  let windowStart = start;
  const at = async (offset: number, length: number) => {
    if (offset + length > windowStart + window.length) {
      const wanted = Math.min(Math.max(length, windowBytes), end - offset);
      // A copy: decoding could read on in a larger buffer where a length is wrong.
      window = new Uint8Array(await source.read(offset, wanted));
      windowStart = offset;
    }
    return window.subarray(offset - windowStart);
  };
  for (let offset = start; offset < end;) {
    const header = await readHeader(source, (length) => at(offset, length), end - offset);
    const length = header.header.compressed_page_size;
    // What should be a number may be anything in a damaged header.
    if (!Number.isInteger(length) || length < 0 || length > end - header.end - offset) {
      throw damaged(source.name, "a page ends beyond its column");
    }
    const body = (await at(offset + header.end, length)).subarray(0, length);
    offset += header.end + length;
    yield { header: header.header, body };
  }
}

/** The page header at the start of the bytes that `take` gives, and where it ends. */
async function readHeader(
  source: Source,
  take: (length: number) => Promise<Uint8Array>,
  bytesMax: number,
): Promise<{ header: PageHeader; end: number }> {
  for (let length = Math.min(4096, bytesMax);; length = Math.min(length * 8, bytesMax)) {
    const bytes = await take(length);
    const end = decoding(source.name, "a page header", () => {
      try {
        return checkThrift(bytes);
      } catch (error) {
        const canHelp = bytes.length < Math.min(bytesMax, headerBytesMax);
        if (error instanceof ThriftCutOff && canHelp) return null;
        throw error;
      }
    });
    if (end === null) continue;
    const view = new DataView(bytes.buffer, bytes.byteOffset, end);
    const header = decoding(source.name, "a page header", () => parquetHeader({ view, offset: 0 }));
    return { header, end };
  }
}
