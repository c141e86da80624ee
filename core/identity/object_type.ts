import { bySuffixes, lastSuffixOf, suffixesOf } from "./file_name.ts";
import { readRootAttributes, type RootReader } from "./zarr_attributes.ts";

/** The values of `artifact.otype` that a path alone can tell. */
export type ObjectType = "DataFrame" | "AnnData" | "MuData" | "SpatialData";

const tableSuffixes: ReadonlySet<string> = new Set([".parquet", ".csv", ".ipc"]);

/** In the order in which LaminDB asks; the first that applies wins. */
const structures: ReadonlyArray<{
  readonly type: ObjectType;
  readonly fileSuffix?: string;
  readonly zarrInfix: string;
}> = [
  { type: "AnnData", fileSuffix: ".h5ad", zarrInfix: ".anndata" },
  { type: "MuData", fileSuffix: ".h5mu", zarrInfix: ".mudata" },
  { type: "SpatialData", zarrInfix: ".spatialdata" },
];

/**
 * The `otype` that LaminDB's plain constructor gives to a file or folder of this path, null where
 * it gives none (COMPAT §5.4). Letters count as they are written: `X.CSV` has no type. For a
 * folder, `read` gives the text of a file below it, null where there is none; the two or three
 * small metadata files of a zarr store are asked for and nothing else. For a file pass null.
 */
export function objectTypeOf(path: string, read: RootReader | null): ObjectType | null {
  return read === null ? typeOfFile(path) : typeOf(path, read);
}

const typeOfFile = bySuffixes((path) => typeOf(path, null));

function typeOf(path: string, read: RootReader | null): ObjectType | null {
  const last = lastSuffixOf(path);
  if (tableSuffixes.has(last)) return "DataFrame";
  const suffixes = suffixesOf(path);
  const isZarr = last === ".zarr";
  // A name that tells a type keeps LaminDB from looking inside.
  const isOpened = isZarr && read !== null &&
    !structures.some(({ zarrInfix }) => suffixes.includes(zarrInfix));
  const byContent = isOpened ? zarrTypeByContent(read) : null;
  for (const { type, fileSuffix, zarrInfix } of structures) {
    if (fileSuffix !== undefined && suffixes.includes(fileSuffix)) return type;
    if (isZarr && suffixes.includes(zarrInfix)) return type;
    if (byContent === type) return type;
  }
  return null;
}

function zarrTypeByContent(read: RootReader): ObjectType | null {
  const attributes = readRootAttributes(read);
  if (attributes === null) return null;
  const encoding = attributes.get("encoding-type");
  if (encoding === "anndata") return "AnnData";
  if (encoding === "MuData") return "MuData";
  return attributes.has("spatialdata_attrs") ? "SpatialData" : null;
}
