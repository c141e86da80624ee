import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { lamindbRegistries } from "../../../core/registry/lamindb/index.ts";
import { bionty } from "../../../modules/bionty/module.ts";
import { createStatements } from "../../../store/database/sqlite_ddl.ts";

/** Statements of a database that Python made: parts of each table and its indexes, sorted. */
const python: Record<string, { parts: string[]; indexes: string[] }> = JSON.parse(
  Deno.readTextFileSync(
    new URL("../../fixtures/lamindb-2.12/sqlite_schema.json", import.meta.url),
  ),
);

const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest();
const tables = [...lamindbRegistries, ...bionty.registries];

/** The columns and constraints of a CREATE TABLE statement. */
function parts(sql: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let part = "";
  for (const character of sql.slice(sql.indexOf("(") + 1, sql.lastIndexOf(")"))) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "," && depth === 0) {
      found.push(part.trim());
      part = "";
    } else part += character;
  }
  return [...found, part.trim()].sort();
}

interface Schema {
  [table: string]: { parts: string[]; indexes: string[] };
}

/** What SQLite keeps of the statements. */
function schemaOf(database: DatabaseSync): Schema {
  const schema: Schema = {};
  const rows = database.prepare(
    "SELECT type, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY rowid",
  ).all() as unknown as { type: string; tbl_name: string; sql: string }[];
  for (const { type, tbl_name, sql } of rows) {
    const facts = schema[tbl_name] ??= { parts: [], indexes: [] };
    if (type === "table") facts.parts = parts(sql);
    else facts.indexes.push(sql);
  }
  for (const { indexes } of Object.values(schema)) indexes.sort();
  return schema;
}

Deno.test("SQLite gets from the definitions what it has from Python, to the letter", () => {
  const database = new DatabaseSync(":memory:");
  for (const statement of createStatements(tables, md5)) database.exec(statement);
  const schema = schemaOf(database);
  assert.deepEqual(Object.keys(schema).sort(), Object.keys(python).sort());
  for (const [name, facts] of Object.entries(python)) assert.deepEqual(schema[name], facts, name);
  assert.deepEqual(database.prepare("PRAGMA foreign_key_check").all(), []);
  database.close();
});

Deno.test("a table refuses what the definition forbids", () => {
  const database = new DatabaseSync(":memory:");
  for (const statement of createStatements(tables, md5)) database.exec(statement);
  const insert = (columns: string, values: string) => () =>
    database.exec(`INSERT INTO lamindb_space (${columns}) VALUES (${values})`);
  insert("uid, name", "'a', 'All'")();
  assert.throws(insert("uid, name", "'b', 'all'"), /unique_space_name_lower/);
  assert.throws(insert("uid, name", "'a', 'other'"), /UNIQUE/);
  assert.throws(insert("uid, name, created_by_id", "'c', 'third', 99"), /FOREIGN KEY/);
  assert.throws(
    () =>
      database.exec(
        "INSERT INTO lamindb_recordjson (feature_id, record_id, value) VALUES (1, 1, 'no json')",
      ),
    /CHECK/,
  );
  database.close();
});
