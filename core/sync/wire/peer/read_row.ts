import type { SqlValue } from "../../../../store/database/database.ts";
import { LaminError } from "../../../../store/errors.ts";
import type { Hashing } from "../../../../store/host/host.ts";
import { formatManifest, type ManifestFile, manifestSha256 } from "../../../identity/manifest.ts";
import type { PortableContent, PortableRow } from "../../rows/row_source.ts";
import type { RowShape } from "../../rows/shape.ts";
import { notSpoken } from "../frame.ts";
import {
  countIn,
  identityIn,
  isTooDeep,
  type Json,
  listIn,
  objectIn,
  orNull,
  textIn,
} from "../json.ts";
import { decodeValue } from "../value.ts";

/** How deep lists and objects may lie in each other in a value. */
const valueDepthMax = 200;

/** A row in a line that a stranger sent: all its columns and no others. Throws code "failed". */
export function rowIn(
  { plain, references }: RowShape,
  line: Json | undefined,
): Pick<PortableRow, "values" | "references"> {
  const row = objectIn(line);
  const [values, foreign] = [objectIn(row["values"]), objectIn(row["references"])];
  const read: Record<string, SqlValue> = {};
  for (const [name, { type }] of plain) {
    const value = decodeValue(values[name]);
    if (type === "json" && typeof value === "string" && isTooDeep(value, valueDepthMax)) {
      throw notSpoken();
    }
    read[name] = value;
  }
  const pointers = [...references.keys()].map((name) =>
    [name, orNull(foreign[name], identityIn)] as const
  );
  return { values: read, references: Object.fromEntries(pointers) };
}

/** Which bytes an artifact has; undefined where the list of a folder's files is not the one. */
export function contentIn(
  hashing: Hashing,
  identity: string,
  value: Json,
): PortableContent | undefined {
  const { sha256, isFolder, files } = objectIn(value);
  const content = {
    identity,
    sha256: sha256In(sha256),
    isFolder: isFolder === true,
    files: listIn(files).map(manifestFileIn),
  };
  if (content.files.length === 0) return content;
  try {
    const found = manifestSha256(hashing, formatManifest(content.files));
    return content.isFolder && found === content.sha256 ? content : undefined;
  } catch (error) {
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}

function manifestFileIn(value: Json): ManifestFile {
  const [path, size, sha256] = listIn(value, 3);
  return { path: textIn(path), size: countIn(size), sha256: sha256In(sha256) };
}

/** Throws code "failed" for what is no SHA-256. */
export function sha256In(value: unknown): string {
  const text = textIn(value, 64);
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw notSpoken();
}
