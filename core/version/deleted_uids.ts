import type { Reader } from "../../store/database/database.ts";
import { stemUid } from "../identity/uid.ts";
import { loggedRow } from "../operation/net_change.ts";
import type { Registry } from "../registry/registry.ts";
import { laminChange } from "../side_tables.ts";
import { byStem } from "./family.ts";

/**
 * Uids above all that the families of some rows have now, and that versions had which an undo or a
 * permanent deletion took away since. Giving one again would make the same uid mean other content
 * in a copy of the instance, in a log or in a notebook. `rows` are all versions of the families.
 * What Python deleted leaves no trace, and it gives such uids again itself. Throws code "damaged".
 */
export async function deletedUids(
  reader: Reader,
  registry: Registry,
  rows: readonly { readonly id: number; readonly uid: string }[],
): Promise<string[]> {
  if (rows.length === 0 || !(await reader.hasTable(laminChange.name))) return [];
  const families = byStem(rows);
  // A number above those of the family was given after them, so to a row with a higher id.
  const oldest = [...families.values()].map((family) => highest(family).id);
  const deleted = reader.iterate<{ before: string }>(
    `SELECT before FROM lamin_change
     WHERE table_name = ? AND first_id > ? AND before IS NOT NULL AND after IS NULL`,
    [registry.name, oldest.reduce((a, b) => Math.min(a, b))],
  );
  const uids: string[] = [];
  for await (const { before } of deleted) {
    const uid = String(loggedRow(before)["uid"]);
    const family = families.get(stemUid(uid));
    if (family !== undefined && uid > highest(family).uid) uids.push(uid);
  }
  return uids;
}

/** The version with the highest number: the digits ascend in ASCII too. */
function highest<R extends { readonly uid: string }>(family: readonly R[]): R {
  return family.reduce((best, row) => row.uid > best.uid ? row : best);
}
