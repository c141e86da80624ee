import type { Reader } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Changes } from "../../operation/changes.ts";
import type { Registry } from "../../registry/registry.ts";
import { laminContent } from "../../side_tables.ts";
import type { RowShape } from "../rows/shape.ts";
import type { TargetRow } from "./target_row.ts";

/** Ids that rows were to have which did not come along, by table. */
export type MissedIds = ReadonlyMap<string, readonly number[]>;

/**
 * Ids of those rows of a table that refer to such as did not come along: they were written first,
 * as tables refer to each other in circles.
 */
export async function danglingIds(
  reader: Reader,
  { registry, references }: RowShape,
  missed: MissedIds,
): Promise<Set<number>> {
  const found = new Set<number>();
  for (const [column, table] of references) {
    const ids = missed.get(table) ?? [];
    if (ids.length === 0) continue;
    const list = reader.dialect.valuesOf(ids);
    const rows = await reader.all<{ id: number }>(
      `SELECT id FROM ${quote(registry.name)} WHERE ${quote(column)} IN (${list.sql})`,
      list.parameters,
    );
    for (const { id } of rows) found.add(Number(id));
  }
  return found;
}

/** Lets a row refer to no more than what is there. */
export async function keepReferences(
  changes: Changes,
  { registry, references }: RowShape,
  id: number,
  row: TargetRow,
): Promise<void> {
  const [former] = await changes.reader.select(registry, "id = ?", [id]);
  if (former === undefined) return;
  const values = [...references.keys()].map((name) => [name, row[name]]);
  await changes.update(registry, [former], Object.fromEntries(values));
}

/** Removes rows that this very sync wrote, and what was noted of their contents. */
export async function takeBack(
  changes: Changes,
  registry: Registry,
  ids: readonly number[],
): Promise<void> {
  const list = changes.reader.dialect.valuesOf(ids);
  if (registry.name === "lamindb_artifact") {
    const where = `artifact_id IN (${list.sql})`;
    const contents = await changes.reader.select(laminContent, where, list.parameters);
    await changes.delete(laminContent, contents);
  }
  const rows = await changes.reader.select(registry, `id IN (${list.sql})`, list.parameters);
  await changes.delete(registry, rows);
}
