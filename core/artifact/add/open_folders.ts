import type { Reader } from "../../../store/database/database.ts";
import { trashBranch } from "../../version/branch_ids.ts";

/** Those of the keys of folders below which there are artifacts that are in use. */
export async function openFolders(reader: Reader, keys: Iterable<string>): Promise<string[]> {
  const list = reader.dialect.valuesOf([...keys]);
  // What starts with `key/` lies between it and `key0`, as the index has it.
  const rows = await reader.all<{ value: string }>(
    `SELECT folder.value FROM (${list.sql}) AS folder WHERE EXISTS (
       SELECT 1 FROM lamindb_artifact WHERE key > folder.value || '/' AND key < folder.value || '0'
         AND is_latest AND branch_id <> ?)`,
    [...list.parameters, trashBranch],
  );
  return rows.map((row) => row.value);
}
