import type { NewRowOf, RowOf } from "../../../store/database/table.ts";
import type { Registry } from "../../registry/registry.ts";
import type { TargetRow } from "./target_row.ts";

/** What travels of a row that is there; where its bytes lie changes only with them. */
export function changedColumns(
  { name }: Registry,
  former: RowOf<Registry>,
  row: TargetRow,
): NewRowOf<Registry> {
  const { is_latest: _, ...values } = row;
  for (const column of keptColumns(name, former, values)) delete values[column];
  return values as NewRowOf<Registry>;
}

function keptColumns(
  table: string,
  former: RowOf<Registry>,
  values: Readonly<Record<string, unknown>>,
): readonly string[] {
  if (table === "lamindb_storage") return ["root", "region", "instance_uid"];
  const isSameContent = (former as Record<string, unknown>)["hash"] === values["hash"];
  return table === "lamindb_artifact" && isSameContent
    ? ["storage_id", "_real_key", "_key_is_virtual", "_overwrite_versions"]
    : [];
}
