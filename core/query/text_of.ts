import type { Column } from "../../store/database/table.ts";
import type { Dialect } from "../../store/database/database.ts";

/** SQL for the value of a column as text: that of a time is what rows of both engines hold. */
export function textOf(dialect: Dialect, name: string, { type }: Pick<Column, "type">): string {
  return dialect.name === "postgres" && type === "datetime"
    ? `to_char(${name}, 'YYYY-MM-DD HH24:MI:SS.US')`
    : `CAST(${name} AS TEXT)`;
}
