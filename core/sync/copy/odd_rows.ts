import type { Reader, SqlRow } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { ColumnType } from "../../../store/database/table.ts";
import { canonicalOf } from "../../migrate/canonical_value.ts";
import { Misfit } from "../../migrate/misfit.ts";
import { withoutLength } from "../apply/target_row.ts";
import { valueOf } from "../rows/rows_in_words.ts";
import type { RowShape } from "../rows/shape.ts";
import { NotCopied } from "./not_copied.ts";

/** Rows that are asked for together. */
const batchSize = 2000;

/** Of these most functions of SQLite see nothing behind the first NUL character. */
const textTypes: readonly ColumnType[] = ["varchar", "text", "json", "datetime", "date"];

/**
 * Of rows called `row`, whether every value is plainly one that its column can have; `compared`
 * ones are not looked at but for NUL.
 */
export function soundBeside({ plain, compared }: RowShape): string {
  return `${allPlain(plain.filter(([name]) => !compared.includes(name)))} AND ${noNuls(plain)}`;
}

function allPlain(columns: RowShape["plain"]): string {
  return allOf(columns.map(([name, column]) => valueOf(valueIn(name), column).isPlain));
}

function noNuls(columns: RowShape["plain"]): string {
  return allOf(
    columns.filter(([, { type }]) => textTypes.includes(type)).map(([name]) =>
      `coalesce(instr(${valueIn(name)}, char(0)), 0) = 0`
    ),
  );
}

function valueIn(column: string): string {
  return `row.${quote(column)}`;
}

/**
 * Looks at every value of rows that were copied from what may be a stranger's: SQLite at what is
 * plain, and we at the rest. Throws {@link NotCopied} for one that its column cannot have.
 */
export async function requireSound(
  reader: Reader,
  { registry: { name }, plain }: RowShape,
): Promise<void> {
  const isPlain = allPlain(plain);
  const hasNoNul = noNuls(plain);
  const checks = plain.map(([name, column]) => [name, canonicalOf(withoutLength(column))] as const);
  const columns = ["id", ...plain.map(([name]) => name)].map(quote).join(", ");
  const sql = `SELECT ${columns}, ${hasNoNul} AS "has no NUL" FROM ${quote(name)} AS row
    WHERE id > ? AND NOT (${isPlain} AND ${hasNoNul}) ORDER BY id LIMIT ?`;
  for (let last = 0;;) {
    const rows = await reader.all<SqlRow>(sql, [last, batchSize]);
    for (const row of rows) {
      // Not every reader of such a text sees more than what is before it.
      if (!row["has no NUL"]) throw new NotCopied("a text has a NUL character");
      for (const [column, check] of checks) requireFit(() => check(row[column]!), column);
    }
    if (rows.length < batchSize) return;
    last = Number(rows.at(-1)!["id"]);
  }
}

function allOf(conditions: readonly string[]): string {
  return ["TRUE", ...conditions.filter((one) => one !== "TRUE")].join(" AND ");
}

function requireFit(check: () => unknown, column: string): void {
  try {
    check();
  } catch (error) {
    if (error instanceof Misfit) throw new NotCopied(`a ${column} ${error.problem}`);
    throw error;
  }
}
