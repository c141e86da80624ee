import type { Reader } from "../../../store/database/database.ts";
import type { Instance } from "../../instance/instance.ts";
import { stemUid } from "../../identity/uid.ts";
import { meaningOf } from "../../reference/meaning.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { trashBranch } from "../../version/branch_ids.ts";
import { versionsOf } from "../families.ts";
import type { ArtifactRow } from "../storage_key.ts";

/** All versions of an artifact, on every branch and in the trash. */
export interface Family {
  /** The version that speaks for it. */
  readonly head: ArtifactRow;
  readonly rows: readonly ArtifactRow[];
}

/** What a source is: one artifact, or all below a folder of keys. */
export interface MoveSource {
  readonly families: readonly Family[];
  /** The folder, with `/` at its end or empty for everything; undefined for one artifact. */
  readonly prefix: string | undefined;
}

/**
 * The artifacts that a reference or a folder of keys names. Throws code "not_found" or "ambiguous".
 */
export async function moveSource(
  instance: Instance,
  reader: Reader,
  reference: string,
): Promise<MoveSource> {
  const meaning = await meaningOf(instance, reader, reference, "live");
  if (meaning.kind !== "folder") {
    const rows = await versionsOf(reader, [meaning.row]);
    return { families: [{ head: meaning.row, rows }], prefix: undefined };
  }
  const below = reader.dialect.startsWith("key", meaning.prefix);
  const live = await reader.select(
    artifact,
    `${below.sql} AND branch_id <> ${trashBranch} ORDER BY ${
      reader.dialect.textOrder("key")
    }, is_latest, created_at, id`,
    below.parameters,
  );
  // The last row of a family is its newest head, else its newest version.
  const heads = new Map(live.map((row) => [stemUid(row.uid), row]));
  const rows = Map.groupBy(await versionsOf(reader, live), ({ uid }) => stemUid(uid));
  return {
    families: [...heads].map(([stem, head]) => ({ head, rows: rows.get(stem)! })),
    prefix: meaning.prefix,
  };
}
