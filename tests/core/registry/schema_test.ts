import assert from "node:assert/strict";
import type { Registry } from "../../../core/registry/registry.ts";
import { lamindbRegistries } from "../../../core/registry/lamindb/index.ts";
import { bionty } from "../../../modules/bionty/module.ts";
import type { Column, ColumnType } from "../../../store/database/table.ts";

/**
 * Facts about the tables of LaminDB 2.12.1, read off databases of both engines that Python made.
 */
const facts: { tables: Record<string, TableFacts> } = JSON.parse(
  Deno.readTextFileSync(new URL("../../fixtures/lamindb-2.12/schema.json", import.meta.url)),
);

interface TableFacts {
  model: string;
  columns: {
    name: string;
    sqliteType: string;
    pgType: string;
    null: boolean;
    pk?: boolean;
    default: string | null;
    pgDefault?: string;
    appDefault?: string | number | boolean;
  }[];
  unique: { columns: string[]; name?: string; where?: string; expr?: string }[];
  checks: { name: string; expr: string | null; pgExpr?: string }[];
  fks: { column: string; ref: string; onDelete: string; reverse?: string; field: string }[];
  indexed: string[][];
  manyToMany?: { name: string; to: string; through: string; reverse?: string }[];
  pgTriggers?: string[];
}

const sqliteTypes: Record<ColumnType, string> = {
  id: "INTEGER",
  bigid: "INTEGER",
  smallid: "INTEGER",
  integer: "INTEGER",
  smallint: "smallint",
  bigint: "bigint",
  real: "real",
  boolean: "bool",
  varchar: "varchar",
  text: "TEXT",
  json: "TEXT",
  datetime: "datetime",
  date: "date",
};

const postgresTypes: Record<ColumnType, string> = {
  id: "integer",
  bigid: "bigint",
  smallid: "smallint",
  integer: "integer",
  smallint: "smallint",
  bigint: "bigint",
  real: "double precision",
  boolean: "boolean",
  varchar: "character varying",
  text: "text",
  json: "jsonb",
  datetime: "timestamp with time zone",
  date: "date",
};

const isKey = ({ type }: Column) => type === "id" || type === "bigid" || type === "smallid";

/** Defaults as SQLite and Postgres show them. */
function defaults(column: Column): { default: string | null; pgDefault?: string } {
  const value = column.default;
  if (isKey(column)) return { default: null, pgDefault: "identity by default" };
  if (value === undefined) return { default: null };
  if (value === "NOW") {
    return {
      default: "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')",
      pgDefault: "statement_timestamp()",
    };
  }
  if (value === "JSON_NULL") return { default: "'null'", pgDefault: "'null'::jsonb" };
  if (typeof value === "boolean") return { default: value ? "1" : "0", pgDefault: `${value}` };
  if (typeof value === "number") {
    return { default: `${value}`, pgDefault: value < 0 ? `'${value}'::integer` : `${value}` };
  }
  return { default: `'${value}'`, pgDefault: `'${value}'::character varying` };
}

/** What Python fills in, in the words of the facts. */
function appDefault(column: Column): { appDefault?: string | number | boolean } {
  const { generated, appDefault, default: ofDatabase } = column;
  if (generated === "user") return { appDefault: "current_user_id()" };
  if (generated === "run") return { appDefault: "current_run()" };
  if (generated === "term") return { appDefault: "ontology()" };
  if (generated === "source") return { appDefault: "source()" };
  if (generated !== undefined) return { appDefault: `base62_${generated.slice(7)}()` };
  if (appDefault !== undefined) return { appDefault };
  if (ofDatabase === undefined || ofDatabase === "NOW" || ofDatabase === "JSON_NULL") return {};
  return { appDefault: ofDatabase };
}

function columnFacts(registry: Registry): TableFacts["columns"] {
  return Object.entries(registry.columns).map(([name, column]) => {
    const length = column.length === undefined ? "" : `(${column.length})`;
    return {
      name,
      sqliteType: sqliteTypes[column.type] + length,
      pgType: postgresTypes[column.type] + length,
      null: column.nullable,
      ...(isKey(column) ? { pk: true } : {}),
      ...defaults(column),
      ...appDefault(column),
    };
  });
}

const sorted = (list: readonly unknown[]) =>
  list.map((item) => JSON.stringify(item, Object.keys(item as object).sort())).sort();

const sortedLists = (list: readonly (readonly string[])[]) => list.map((c) => c.join()).sort();

/** Django's names for relations that nobody can use end with `+`. */
const usable = (reverse: string | undefined) =>
  reverse === undefined || reverse.endsWith("+") ? {} : { reverse };

function foreignKeys(registry: Registry): TableFacts["fks"] {
  return Object.entries(registry.columns).flatMap(([column, { references }]) =>
    references === undefined ? [] : [{
      column,
      ref: `${references.table}.id`,
      onDelete: references.onDelete,
      field: column.replace(/_id$/, ""),
      ...usable(references.reverse),
    }]
  );
}

function uniques(registry: Registry): string[] {
  const single = Object.entries(registry.columns)
    .filter(([, column]) => column.unique).map(([name]) => name);
  const several = registry.unique.map(({ columns, where }) =>
    where === undefined ? columns.join() : `${columns.join()} where ${where}`
  );
  return [...single, ...several].sort();
}

function expectedUniques(table: TableFacts): string[] {
  return table.unique.map(({ columns, where, expr }) => {
    const what = expr === undefined ? columns.join() : expr.slice(1, -1);
    return where === undefined ? what : `${what} where ${where}`;
  }).sort();
}

/** Conditions without the parentheses that the engines put around them. */
const bare = (condition: string | null | undefined) => condition?.replace(/^\(+|\)+$/g, "") ?? null;

function check(registry: Registry, table: TableFacts): void {
  const label = registry.name;
  assert.equal(`${registry.module}.${registry.model}`, table.model, label);
  assert.deepEqual(sorted(columnFacts(registry)), sorted(table.columns), label);
  assert.deepEqual(
    sorted(foreignKeys(registry)),
    sorted(table.fks.map(({ reverse, ...rest }) => ({ ...rest, ...usable(reverse) }))),
    label,
  );
  assert.deepEqual(uniques(registry), expectedUniques(table), label);
  const indexed = Object.keys(registry.columns)
    .filter((name) => registry.columns[name]!.indexed).map((name) => [name]);
  assert.deepEqual(
    sortedLists([...indexed, ...registry.indexes]),
    sortedLists(table.indexed),
    label,
  );
  assert.deepEqual(
    sorted(registry.checks.map(({ name, sqlite, postgres }) => ({
      name,
      expr: bare(sqlite?.replaceAll('"', "")),
      pgExpr: bare(postgres),
    }))),
    sorted(table.checks.map(({ name, expr, pgExpr }) => ({
      name,
      expr: bare(expr?.replaceAll('"', "")),
      pgExpr: bare(pgExpr?.replace("(_dtype_str", "_dtype_str")),
    }))),
    label,
  );
  assert.deepEqual(
    sorted(registry.manyToMany.map(({ columns: _, ...rest }) => rest)),
    sorted(
      (table.manyToMany ?? []).map(({ reverse, ...rest }) => ({ ...rest, ...usable(reverse) })),
    ),
    label,
  );
  assert.deepEqual([...registry.postgresTriggers].sort(), (table.pgTriggers ?? []).sort(), label);
}

Deno.test("the definitions say of every table what Python's databases show", async (test) => {
  const registries = [...lamindbRegistries, ...bionty.registries];
  for (const registry of registries) {
    await test.step(registry.name, () => check(registry, facts.tables[registry.name]!));
  }
  await test.step("no table is missing or defined twice", () => {
    const names = registries.map(({ name }) => name).sort();
    assert.deepEqual(
      names,
      Object.keys(facts.tables).sort(),
    );
  });
});
