import type { Dialect } from "../../../store/database/database.ts";
import type { Column } from "../../../store/database/table.ts";
import { canonicalOf } from "../../migrate/canonical_value.ts";
import { carriedTo } from "../../migrate/carried_value.ts";
import { Misfit } from "../../migrate/misfit.ts";
import type { PortableRow } from "../rows/row_source.ts";
import type { RowShape } from "../rows/shape.ts";

/** Why a row cannot be carried, as a sentence goes on after its name. */
export class Obstacle {
  constructor(readonly column: string, readonly problem: string) {}
}

/** A row as the target is to hold it, without its id. */
export type TargetRow = Record<string, string | number | boolean | null>;

/**
 * What turns rows of a source into rows of a target. Every value is checked, as the source may be
 * a stranger's; one of the same engine stays as it is, to the letter. It throws an
 * {@link Obstacle} for a value that the column cannot have, and for a reference to nothing that
 * has to be one. `idOf` gives the id of what a row refers to.
 */
export function targetRows(
  { registry, plain, references }: RowShape,
  from: Dialect["name"],
  to: Dialect["name"],
  idOf: (row: PortableRow, column: string) => number | undefined,
): (row: PortableRow) => TargetRow {
  const values = plain.map(([name, column]) => {
    const canonical = canonicalOf(to === "sqlite" ? withoutLength(column) : column);
    const carried = carriedTo(to, column);
    return [name, (row: PortableRow) => {
      const value = row.values[name] ?? null;
      const checked = attempt(name, () => canonical(value));
      if (column.type === "boolean" && checked !== null) return Boolean(checked);
      return from === to ? value as TargetRow[string] : carried(checked);
    }] as const;
  });
  const foreign = [...references.keys()];
  return (row) => {
    const result: TargetRow = {};
    for (const [name, read] of values) result[name] = read(row);
    for (const name of foreign) {
      const isNull = (row.references[name] ?? null) === null;
      const id = isNull ? undefined : idOf(row, name);
      if (id === undefined && !registry.columns[name]!.nullable) {
        throw new Obstacle(name, "refers to a record that did not come along");
      }
      result[name] = id ?? null;
    }
    return result;
  };
}

/** SQLite takes texts of any length, and older versions of LaminDB had longer uids. */
export function withoutLength({ length: _, ...column }: Column): Column {
  return column;
}

function attempt<T>(column: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Misfit) throw new Obstacle(column, error.problem);
    throw error;
  }
}
