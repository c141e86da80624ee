import type { Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import { decodeRow } from "../../store/database/values.ts";
import { orderSql } from "./order.ts";
import type { AnyRow, CompiledQuery } from "./query.ts";

/** How many rows are tried in their order before the conditions choose the way. */
const triedRows = 500;

export interface FirstRows {
  readonly rows: AnyRow[];
  /** Whether all of them were among the few hundred rows that come first of all. */
  readonly areCommon: boolean;
}

/**
 * The first `limit` rows that a query finds. SQLite does not know how many rows meet a condition,
 * so it may sort a quarter of the table for twenty rows of it, or look through all of it in order
 * for a handful. So the first few hundred rows in order are tried: where conditions are met often
 * they give the answer; where not, few rows meet them, and an index on what was asked for finds
 * those.
 */
export async function firstRows(
  reader: Reader,
  query: CompiledQuery,
  limit: number,
): Promise<FirstRows> {
  const { registry, condition, order } = query;
  const choose = reader.dialect.name === "sqlite" && order[0]!.indexed && query.isSelective;
  if (choose) {
    const rows = await amongFirst(reader, query, limit);
    if (rows.length === limit) return { rows, areCommon: true };
  }
  const ordered = orderSql(reader.dialect, order, choose ? "+" : "");
  const rows = await reader.select(
    registry,
    `${condition.sql} ORDER BY ${ordered} LIMIT ${Number(limit)}`,
    condition.parameters,
  );
  return { rows, areCommon: false };
}

async function amongFirst(
  reader: Reader,
  { registry, probe, order }: CompiledQuery,
  limit: number,
): Promise<AnyRow[]> {
  const table = quote(registry.name);
  // CROSS JOIN holds SQLite to this order of the two.
  const rows = await reader.all(
    `SELECT ${table}.* FROM
       (SELECT id AS tried_id FROM ${table} ORDER BY ${
      orderSql(reader.dialect, order)
    } LIMIT ${triedRows}) AS tried
       CROSS JOIN ${table} WHERE id = tried_id AND ${probe.sql}
     ORDER BY ${orderSql(reader.dialect, order, "+")} LIMIT ${Number(limit)}`,
    probe.parameters,
  );
  return rows.map((row) => decodeRow(registry, row));
}
