import type { Reader } from "../../store/database/database.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { notFound } from "./not_found.ts";
import { findArtifact, keysOf, type ReferenceScope, scopeCondition } from "./resolve.ts";

/** What a reference names. */
export type Meaning =
  /** One version: `key@version`, a whole uid or a SHA-256. */
  | { readonly kind: "version"; readonly row: ArtifactRow }
  /** A key, or what all versions share of a uid; `row` is the latest version. */
  | { readonly kind: "family"; readonly row: ArtifactRow }
  /** All whose keys start with `prefix`, which is empty or ends in `/`. */
  | { readonly kind: "folder"; readonly prefix: string };

/** Length of the part of a uid that all versions share. */
const stemLength = 16;

/**
 * What a reference names among the artifacts of `scope`. Throws code "not_found" or "ambiguous".
 */
export async function meaningOf(
  instance: Instance,
  reader: Reader,
  reference: string,
  scope: ReferenceScope,
): Promise<Meaning> {
  const keys = keysOf(instance, reference);
  const row = await findArtifact(instance, reader, reference, scope);
  if (row !== undefined) {
    const isStem = reference.length <= stemLength && row.uid.startsWith(reference);
    const isFamily = isStem || (row.key !== null && keys.includes(row.key));
    return { kind: isFamily ? "family" : "version", row };
  }
  for (const folder of keys) {
    const prefix = folder === "" ? "" : `${folder.replace(/\/+$/, "")}/`;
    const below = reader.dialect.startsWith("key", prefix);
    const some = await reader.first(
      `SELECT 1 AS found FROM lamindb_artifact
       WHERE ${below.sql} AND ${scopeCondition(scope)} LIMIT 1`,
      below.parameters,
    );
    if (some !== undefined) return { kind: "folder", prefix };
  }
  throw await notFound(reader, reference, scope);
}
