import type { CatalogColumn, CatalogTable } from "../../../store/database/catalog/catalog.ts";

/**
 * The columns of a table in an order that is the same wherever the table is: the id, what a row
 * belongs to (an artifact, else the record that the table is called after), then the rest by name.
 */
export function ordered(
  { name, columns }: CatalogTable,
  references: ReadonlyMap<string, string>,
): CatalogColumn[] {
  const rank = (column: CatalogColumn) => {
    if (column.name === "id") return 0;
    const table = references.get(column.name);
    if (table === "lamindb_artifact") return 1;
    return table !== undefined && name.startsWith(`${table}_`) ? 2 : 3;
  };
  return columns.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}
