import type { SqlValue } from "../../../store/database/database.ts";
import type { Column } from "../../../store/database/table.ts";
import { canonicalOf, type CanonicalValue } from "../../migrate/canonical_value.ts";
import { Misfit } from "../../migrate/misfit.ts";
import { identityOfUid, type RowHash } from "./row_hash.ts";
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

type Carried = Pick<PortableRow, "values" | "references">;

/** What gives the identity and the digest of a row that is on its way. */
export function portableState(
  { registry, identity, compared, references }: RowShape,
  hash: RowHash,
): (row: Carried) => { identity: string; digest: string } {
  const readerOf = (name: string): (row: Carried) => CanonicalValue => {
    if (references.has(name)) return (row) => row.references[name] ?? null;
    const read = compareReader(name, registry.columns[name]!);
    return (row) => read(row.values);
  };
  const readers = compared.map(readerOf);
  return (row) => ({
    identity: identity[0] === "uid"
      ? identityOfUid(String(row.values["uid"]))
      : hash([registry.name, ...identity.map((name) => identifying(row, name))]),
    digest: hash(readers.map((read) => read(row))),
  });
}

function identifying(row: Carried, name: string): string | number | null {
  const value = row.references[name] ?? row.values[name] ?? null;
  return typeof value === "string" || typeof value === "number" || value === null
    ? value
    : String(value);
}
