import { bySuffixes, suffixesOf } from "./file_name.ts";
import { compositeFormats, encodingFormats, simpleFormats } from "./suffix_formats.ts";

export interface Suffix {
  /** What goes into `artifact.suffix`: lower case, empty where LaminDB does not know the format. */
  readonly canonical: string;
  /**
   * `canonical`, or the last suffix in lower case where that is empty. A path's and its key's must
   * be equal.
   */
  readonly raw: string;
}

/** The suffix of the last segment of a file path or key by LaminDB's rules (COMPAT §5.3). */
export const suffixOf: (path: string) => Suffix = bySuffixes((path) => {
  const suffixes = suffixesOf(path).map((suffix) => suffix.toLowerCase());
  const canonical = suffixes.length < 2 ? single(suffixes[0] ?? "") : several(suffixes);
  return { canonical, raw: canonical || (suffixes.at(-1) ?? "") };
});

function single(suffix: string): string {
  return simpleFormats.has(suffix) || encodingFormats.has(suffix) ? suffix : "";
}

function several(suffixes: readonly string[]): string {
  const total = suffixes.join("");
  for (const format of compositeFormats) {
    if (total.endsWith(format)) return format;
  }
  const last = suffixes.at(-1)!;
  if (simpleFormats.has(last)) return last;
  return encodingFormats.has(last) ? encoded(suffixes, last) : "";
}

/**
 * The suffix with a compression at its end: `.csv.gz`, `.tar.gz`, `.h5ad.tar.gz`, or only `.gz`.
 */
function encoded(suffixes: readonly string[], encoding: string): string {
  const inner = suffixes.at(-2)!;
  if (!simpleFormats.has(inner)) return encoding;
  const packed = suffixes.at(-3);
  const isKnownArchive = inner === ".tar" && packed !== undefined && simpleFormats.has(packed);
  return (isKnownArchive ? packed : "") + inner + encoding;
}

/** Last suffixes of data sets that are written as a folder and make no sense in parts. */
const folderFormats: ReadonlySet<string> = new Set([
  ".zarr", // also `.anndata.zarr`, `.ome.zarr` and all other kinds of zarr
  ".tiledb",
  ".tiledbsoma",
  ".soma",
  ".parquet", // as Spark, Dask and pyarrow write partitioned tables
  ".savedmodel",
]);

/**
 * True when a folder of this name is one artifact, not a folder of files. LaminDB has no such rule:
 * it takes every folder that it is given as one, and every file below when asked to.
 */
export function isFolderSuffix(path: string): boolean {
  return folderFormats.has(suffixesOf(path).at(-1)?.toLowerCase() ?? "");
}
