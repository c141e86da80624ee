import type { CatalogColumn, CatalogTable } from "../../../store/database/catalog/catalog.ts";
import type { ColumnType } from "../../../store/database/table.ts";

/** What tells the rows of a table apart, wherever they are. */
export interface TableIdentity {
  /** In the same order wherever the table is. */
  readonly columns: readonly string[];
  /** Whether the database allows several rows that have them in common. */
  readonly mayBeAlike: boolean;
}

/** Values that are the same text in both engines. */
const plainTypes: readonly ColumnType[] = [
  "integer",
  "smallint",
  "bigint",
  "boolean",
  "varchar",
  "text",
  "date",
];

/** References that say who made a row, and when and where, not what it is. */
const traces = new Set(["created_by_id", "run_id", "branch_id", "created_on_id", "space_id"]);

/**
 * The uid, else the most columns that are unique together; for links, which Django leaves without a
 * constraint where people define them, all that they point to.
 */
export function identityOfTable(table: CatalogTable): TableIdentity | undefined {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const isPlain = (name: string) => plainTypes.includes(byName.get(name)?.type?.type ?? "json");
  const unique = uniqueOf(table).filter((columns) => columns.every(isPlain))
    .map((columns) => columns.toSorted());
  if (byName.has("uid")) return uidOf(byName.get("uid")!, unique);
  const [best] = unique.toSorted((a, b) => b.length - a.length || (a.join() < b.join() ? -1 : 1));
  const columns = best ?? linkedBy(table);
  if (columns === undefined) return undefined;
  const mayBeAlike = best === undefined || columns.some((name) => byName.get(name)!.nullable);
  return { columns, mayBeAlike };
}

function uidOf(
  { nullable, type }: CatalogColumn,
  unique: readonly (readonly string[])[],
): TableIdentity | undefined {
  const isText = type?.type === "varchar" || type?.type === "text";
  const isUnique = unique.some((columns) => columns.join() === "uid");
  return isText && isUnique && !nullable ? { columns: ["uid"], mayBeAlike: false } : undefined;
}

function linkedBy({ references }: CatalogTable): readonly string[] | undefined {
  const columns = references.map(({ column }) => column).filter((name) => !traces.has(name)).sort();
  return columns.length >= 2 ? columns : undefined;
}

/** Lists of columns that are unique together, each once. */
export function uniqueOf({ indexes }: CatalogTable): (readonly string[])[] {
  const found = indexes.filter(({ isUnique }) => isUnique).map(({ columns }) => columns);
  return [...new Map(found.map((columns) => [columns.join(), columns])).values()];
}
