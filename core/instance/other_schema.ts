import type { Database, Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { Column } from "../../store/database/table.ts";
import type { Registry } from "../registry/registry.ts";

/**
 * Names that tables and columns had in LaminDB 1.x and 2.0, read from databases of those versions.
 */
const formerTables: Readonly<Record<string, string>> = {
  lamindb_jsonvalue: "lamindb_featurevalue",
  lamindb_artifactjsonvalue: "lamindb_artifactfeaturevalue",
};
const formerColumns: Readonly<Record<string, string>> = {
  version_tag: "version",
  branch_id: "_branch_code",
  created_on_id: "_branch_code",
  _dtype_str: "dtype",
  kind: "type",
  jsonvalue_id: "featurevalue_id",
};

/** Rows that every database of today has, for tables that an older one lacks. */
const rowsOfMissingTables: Readonly<Record<string, string>> = {
  lamindb_branch: [
    "SELECT -1 AS id, 'trash' AS name, 'tttttttttttt' AS uid",
    "SELECT 0, 'archive', 'aaaaaaaaaaaa'",
    "SELECT 1, 'main', 'mmmmmmmmmmmm'",
  ].join(" UNION ALL "),
};

/**
 * Lets a database of another version be read as if it had the schema that this program knows: each
 * table is hidden, for this connection alone, behind a view with the columns of the definition.
 * Columns that it lacks read as their default or NULL, columns that are not known are not seen.
 */
export async function showAsKnown(
  database: Database,
  registries: readonly Registry[],
): Promise<void> {
  const views = new Map<string, string>();
  await database.read(async (reader) => {
    for (const registry of registries) views.set(registry.name, await viewOf(reader, registry));
  });
  await database.shadow(views);
}

async function viewOf(reader: Reader, registry: Registry): Promise<string> {
  const former = formerTables[registry.name];
  const source = await reader.hasTable(registry.name) ? registry.name : former ?? registry.name;
  const present = new Set(await reader.columnsOf(source));
  if (present.size === 0) return emptyView(registry);
  const columns = Object.entries(registry.columns).map(([name, column]) => {
    const old = formerColumns[name];
    if (present.has(name)) return quote(name);
    return `${old && present.has(old) ? quote(old) : defaultOf(column)} AS ${quote(name)}`;
  });
  return `SELECT ${columns.join(", ")} FROM ${reader.dialect.unhidden(source)}`;
}

function emptyView(registry: Registry): string {
  const rows = rowsOfMissingTables[registry.name];
  const given = new Set(["id", "name", "uid"]);
  const columns = Object.entries(registry.columns).map(([name, column]) =>
    rows !== undefined && given.has(name) ? name : `${defaultOf(column)} AS ${quote(name)}`
  );
  return rows === undefined
    ? `SELECT ${columns.join(", ")} WHERE FALSE`
    : `SELECT ${columns.join(", ")} FROM (${rows})`;
}

function defaultOf(column: Column): string {
  const value = column.default;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  return "NULL";
}
