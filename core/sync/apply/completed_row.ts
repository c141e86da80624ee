import type { SqlValue } from "../../../store/database/database.ts";
import type { Column } from "../../../store/database/table.ts";
import type { TableIds } from "../plan/table_plan.ts";
import type { PortableRow } from "../rows/row_source.ts";
import type { RowShape } from "../rows/shape.ts";

/**
 * What completes rows of an older schema, which lack columns that have to have a value: the
 * defaults of the definitions. `idsIn` gives the rows of the target by their identities.
 */
export function completer(
  { registry, plain, references }: RowShape,
  idsIn: (table: string) => TableIds | undefined,
  now: string,
): (row: PortableRow) => PortableRow {
  const values = plain.flatMap(([name, column]) => {
    const value = column.nullable ? undefined : defaultOf(column, now);
    return value === undefined ? [] : [[name, value] as const];
  });
  const foreign = [...references].flatMap(([name, table]) => {
    const column = registry.columns[name]!;
    if (column.nullable || typeof column.default !== "number") return [];
    const identity = identityOfId(idsIn(table), column.default);
    return identity === undefined ? [] : [[name, identity] as const];
  });
  return (row) => {
    const lacking = values.filter(([name]) => (row.values[name] ?? null) === null);
    const unset = foreign.filter(([name]) => (row.references[name] ?? null) === null);
    if (lacking.length + unset.length === 0) return row;
    const made = row.values["created_at"];
    return {
      ...row,
      values: {
        ...row.values,
        ...Object.fromEntries(lacking.map(([name, value]) => // What was never changed was last changed when it was made.
        [name, name === "updated_at" && typeof made === "string" ? made : value])),
      },
      references: { ...row.references, ...Object.fromEntries(unset) },
    };
  };
}

function defaultOf({ default: own, appDefault }: Column, now: string): SqlValue | undefined {
  if (own === "NOW") return now;
  if (own === "JSON_NULL") return "null";
  const value = own ?? appDefault;
  return typeof value === "boolean" ? Number(value) : value;
}

function identityOfId(ids: TableIds | undefined, wanted: number): string | undefined {
  for (const [identity, id] of ids ?? []) if (id === wanted) return identity;
  return undefined;
}
