import type { Instance, StorageRow } from "../../core/instance/instance.ts";
import { roleOf } from "../../core/storage/role.ts";
import type { JsonObject, Output } from "../output.ts";
import { renderTable } from "./table.ts";

/** A storage as `lamin storage --json` prints it. */
export function storageJson(instance: Instance, row: StorageRow): JsonObject {
  return {
    uid: row.uid,
    root: row.root,
    type: row.type,
    region: row.region,
    role: roleOf(instance, row),
    instance_uid: row.instance_uid,
    is_current: row.id === instance.storage.id,
  };
}

/** The storages as a table for people; the one that new artifacts go to has a star. */
export function renderStorages(
  instance: Instance,
  rows: readonly StorageRow[],
  { safe, paint, width }: Output,
): string {
  const columns = [{ title: "" }, { title: "uid", whole: true }, { title: "role" }];
  return renderTable(
    [...columns, { title: "root" }],
    rows.map((row) => [
      row.id === instance.storage.id ? "*" : "",
      safe(row.uid),
      roleOf(instance, row),
      safe(row.root),
    ]),
    { width, paint },
  );
}
