import type { CompressionCodec } from "hyparquet";

/** Largest page; writers make pages of about a megabyte, dictionaries of a few. */
export const pageBytesMax = 512 * 1024 * 1024;

/** Takes compressed bytes and the length that they must have afterwards. */
export type Inflate = (input: Uint8Array, length: number) => Uint8Array;

/**
 * The decompression for a codec; null for one that is not known. The engine's own is used where
 * there is one, since it can be told the largest output: of the library's, that for Zstandard can
 * not.
 */
export async function inflateFor(codec: CompressionCodec): Promise<Inflate | null> {
  const inflate = await decompression(codec);
  if (inflate === null) return null;
  return (input, length) => {
    if (length < 0 || length > pageBytesMax) throw new Error(`a page claims ${length} bytes`);
    const output = length === 0 ? new Uint8Array(0) : inflate(input, length);
    if (output.length === length) return output;
    throw new Error(`a page has ${output.length} bytes instead of ${length}`);
  };
}

async function decompression(codec: CompressionCodec): Promise<Inflate | null> {
  if (codec === "UNCOMPRESSED") return (input) => input;
  if (codec === "GZIP" || codec === "BROTLI" || codec === "ZSTD") {
    const zlib = await import("node:zlib");
    if (codec === "GZIP") return (input, length) => zlib.gunzipSync(input, limit(length));
    if (codec === "BROTLI") {
      return (input, length) => zlib.brotliDecompressSync(input, limit(length));
    }
    return (input, length) => zlib.zstdDecompressSync(input, limit(length));
  }
  const { compressors } = await import("hyparquet-compressors");
  const inflate = compressors[codec];
  if (inflate === undefined) return null;
  return codec === "SNAPPY"
    ? (input, length) => inflate(checkedSnappy(input, length), length)
    : inflate;
}

/**
 * Snappy data begins with its length; the library ignores a wrong one and fills up with what its
 * memory held before.
 */
function checkedSnappy(input: Uint8Array, length: number): Uint8Array {
  let claimed = 0;
  for (let index = 0; index < 5; index++) {
    const byte = input[index] ?? 0;
    claimed += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) break;
  }
  if (claimed === length) return input;
  throw new Error(`a page has ${claimed} bytes instead of ${length}`);
}

function limit(length: number) {
  return { maxOutputLength: length };
}
