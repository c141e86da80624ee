import type { SqlValue } from "../../../store/database/database.ts";
import type { Column } from "../../../store/database/table.ts";
import { canonicalOf, type CanonicalValue } from "../../migrate/canonical_value.ts";
import { Misfit } from "../../migrate/misfit.ts";
import type { RowHash } from "./row_hash.ts";
import type { PortableRow } from "./row_source.ts";
import type { RowShape } from "./shape.ts";

type Values = Readonly<Record<string, SqlValue>>;

/**
 * What gives the value of a column that counts when rows are compared. What the column cannot have
 * stands for itself: whoever is to take it will refuse it.
 */
export function compareReader(name: string, column: Column): (row: Values) => CanonicalValue {
  const canonical = canonicalOf(column);
  return (row) => {
    try {
      return canonical(row[name]!);
    } catch (error) {
      if (error instanceof Misfit) return `misfit ${row[name]}`;
      throw error;
    }
  };
}

/** What gives the identity and the digest of a row that is on its way. */
export function portableState(
  { registry, identity, compared, references }: RowShape,
  hash: RowHash,
): (row: Pick<PortableRow, "values" | "references">) => { identity: string; digest: string } {
  const readers = new Map(compared.map((name) => {
    if (references.has(name)) {
      return [name, (row: Pick<PortableRow, "references">) => row.references[name] ?? null];
    }
    const read = compareReader(name, registry.columns[name]!);
    return [name, (row: Pick<PortableRow, "values">) => read(row.values)];
  }));
  const raw = (row: Pick<PortableRow, "values" | "references">, name: string) => {
    if (references.has(name)) return row.references[name] ?? null;
    const value = row.values[name] ?? null;
    return typeof value === "string" || typeof value === "number" || value === null
      ? value
      : String(value);
  };
  return (row) => ({
    identity: hash([registry.name, ...identity.map((name) => raw(row, name))]),
    digest: hash([...readers.values()].map((read) => read(row as PortableRow))),
  });
}
