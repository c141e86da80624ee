import type { Reader, SqlValue } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Table } from "../../../store/database/table.ts";
import type { MoveFaults } from "./fault.ts";

/** Whether rows of a table may have one of its rows as their type. */
function hasTypes({ columns }: Table): boolean {
  return "type_id" in columns && "is_type" in columns;
}

/**
 * Rows whose type is against the rules that only Postgres enforces (COMPAT §2.2): it is none, it
 * leads back to the row, or it wants rows to be in another space.
 */
export async function addTypeFaults(
  reader: Reader,
  table: Table,
  faults: MoveFaults,
): Promise<void> {
  if (!hasTypes(table) || reader.dialect.name === "postgres") return;
  const add = (row: number, problem: string, remedy: string) =>
    faults.add({ table: table.name, row, column: "type_id", problem, remedy });
  const noTypes = await idsOf(reader, table, `NOT type.is_type${schemaRule(table)}`);
  const remedy = "give the row another type, or none";
  for (const id of noTypes) add(id, "is a row that cannot be its type", remedy);
  for (const id of await inCycles(reader, table)) add(id, "leads back to the row itself", remedy);
  for (const id of await inOtherSpaces(reader, table)) {
    add(id, "is a type that wants its rows in another space", "move the row to that space");
  }
}

/** A record that is a type must not have a type that has a schema. */
function schemaRule({ columns, name }: Table): string {
  const isRecord = name === "lamindb_record" && "schema_id" in columns;
  return isRecord ? " OR (child.is_type AND type.schema_id IS NOT NULL)" : "";
}

async function idsOf(
  reader: Reader,
  { name }: Table,
  condition: string,
  parameters: readonly SqlValue[] = [],
): Promise<number[]> {
  const rows = await reader.all<{ id: number }>(
    `SELECT child.id FROM ${quote(name)} AS child
       JOIN ${quote(name)} AS type ON type.id = child.type_id
     WHERE ${condition} ORDER BY child.id`,
    parameters,
  );
  return rows.map(({ id }) => id);
}

/** The types that are their own, by whatever way; of other rows none can be. */
async function inCycles(reader: Reader, { name }: Table): Promise<number[]> {
  const rows = await reader.all<{ id: number; type_id: number }>(
    `SELECT id, type_id FROM ${quote(name)} WHERE type_id IS NOT NULL AND id IN (
       SELECT type_id FROM ${quote(name)} WHERE type_id IS NOT NULL
     ) ORDER BY id`,
  );
  const typeOf = new Map(rows.map(({ id, type_id }) => [id, type_id]));
  return rows.map(({ id }) => id).filter((id) => {
    const seen = new Set<number>();
    for (let type = typeOf.get(id); type !== undefined && !seen.has(type);) {
      if (type === id) return true;
      seen.add(type);
      type = typeOf.get(type);
    }
    return false;
  });
}

/** `ss` of a type names the one space of its rows: 1 for its own, else by uid. */
async function inOtherSpaces(reader: Reader, table: Table): Promise<number[]> {
  if (!("_aux" in table.columns && "space_id" in table.columns)) return [];
  const { sql, parameters } = reader.dialect.jsonText("type._aux", ["ss"]);
  return await idsOf(
    reader,
    table,
    `type._aux LIKE '%"ss"%' AND (${sql}) IS NOT NULL AND CASE
       WHEN (${sql}) = '1' THEN child.space_id <> type.space_id
       ELSE child.space_id NOT IN (SELECT id FROM lamindb_space WHERE uid = (${sql})) END`,
    [...parameters, ...parameters, ...parameters],
  );
}
