import type { Reader, SqlValue } from "../../store/database/database.ts";
import { laminOperation, type OperationRow } from "../side_tables.ts";
import { undoneOperations } from "./history.ts";

/** An operation as people see it. */
export interface LoggedOperation extends OperationRow {
  /** Uid of the operation that this one reversed. */
  readonly undoes: string | undefined;
  /** Uid of the operation that reversed this one and stands. */
  readonly undoneBy: string | undefined;
}

/** Which operations to give; times as the database has them. */
export interface OperationFilter {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly user?: string | undefined;
  readonly limit: number;
}

/** Operations, newest first. */
export async function operations(
  reader: Reader,
  filter: OperationFilter,
): Promise<LoggedOperation[]> {
  if (!(await reader.hasTable(laminOperation.name))) return [];
  const conditions: string[] = ["TRUE"];
  const parameters: SqlValue[] = [];
  const add = (condition: string, value: string | undefined) => {
    if (value === undefined) return;
    conditions.push(condition);
    parameters.push(value);
  };
  add("created_at >= ?", filter.since);
  add("created_at <= ?", filter.until);
  add('"user" = ?', filter.user);
  const limit = filter.limit === Infinity ? "" : ` LIMIT ${filter.limit}`;
  const rows = await reader.select(
    laminOperation,
    `${conditions.join(" AND ")} ORDER BY created_at DESC, id DESC${limit}`,
    parameters,
  );
  return await withUndos(reader, rows);
}

/** Operations with these ids, by id, the newest first. */
export async function operationsById(
  reader: Reader,
  ids: Iterable<number>,
): Promise<Map<number, LoggedOperation>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const list = reader.dialect.valuesOf(wanted);
  const rows = await reader.select(
    laminOperation,
    `id IN (${list.sql}) ORDER BY id DESC`,
    list.parameters,
  );
  return new Map((await withUndos(reader, rows)).map((row) => [row.id, row]));
}

/** Operations with what they undo and what undid them. */
export async function withUndos(
  reader: Reader,
  rows: readonly OperationRow[],
): Promise<LoggedOperation[]> {
  if (rows.length === 0) return [];
  const undone = await undoneOperations(reader);
  const list = reader.dialect.valuesOf(
    rows.flatMap(({ undoes_id }) => undoes_id === null ? [] : [undoes_id]),
  );
  const targets = await reader.all<{ id: number; uid: string }>(
    `SELECT id, uid FROM lamin_operation WHERE id IN (${list.sql})`,
    list.parameters,
  );
  const uids = new Map(targets.map(({ id, uid }) => [id, uid]));
  return rows.map((row) => ({
    ...row,
    undoes: row.undoes_id === null ? undefined : uids.get(row.undoes_id),
    undoneBy: undone.get(row.id),
  }));
}
