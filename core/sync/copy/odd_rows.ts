import type { Reader, SqlRow } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import { canonicalOf } from "../../migrate/canonical_value.ts";
import { Misfit } from "../../migrate/misfit.ts";
import { withoutLength } from "../apply/target_row.ts";
import { valueOf } from "../rows/rows_in_words.ts";
import type { RowShape } from "../rows/shape.ts";
import { NotCopied } from "./not_copied.ts";

/** Rows that are asked for together. */
const batchSize = 2000;

/**
 * Looks at every value of rows that were copied from what may be a stranger's: SQLite at what is
 * plain, and we at the rest. Throws {@link NotCopied} for one that its column cannot have.
 */
export async function requireSound(
  reader: Reader,
  { registry: { name }, plain }: RowShape,
): Promise<void> {
  const conditions = plain.map(([name, column]) => valueOf(`row.${quote(name)}`, column).isPlain);
  const isPlain = ["TRUE", ...conditions.filter((one) => one !== "TRUE")].join(" AND ");
  const checks = plain.map(([name, column]) => [name, canonicalOf(withoutLength(column))] as const);
  const sql = `SELECT id, ${plain.map(([name]) => quote(name)).join(", ")}
    FROM ${quote(name)} AS row WHERE id > ? AND NOT (${isPlain}) ORDER BY id LIMIT ?`;
  for (let last = 0;;) {
    const rows = await reader.all<SqlRow>(sql, [last, batchSize]);
    for (const row of rows) {
      for (const [column, check] of checks) requireFit(() => check(row[column]!), column);
    }
    if (rows.length < batchSize) return;
    last = Number(rows.at(-1)!["id"]);
  }
}

function requireFit(check: () => unknown, column: string): void {
  try {
    check();
  } catch (error) {
    if (error instanceof Misfit) throw new NotCopied(`a ${column} ${error.problem}`);
    throw error;
  }
}
