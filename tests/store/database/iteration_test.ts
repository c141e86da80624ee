import assert from "node:assert/strict";
import { LaminError } from "../../../store/errors.ts";
import { createSqlite, openSqlite } from "../../../store/database/sqlite.ts";
import type { Database } from "../../../store/database/database.ts";

/** Runs `work` on a database with a table of 2,000 rows. */
async function withRows(work: (path: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-iterate-" });
  try {
    const path = `${folder}/rows.db`;
    const database = createSqlite({ path, now: () => new Date(), journal: "DELETE" });
    await database.write((writer) =>
      writer.script([
        "CREATE TABLE t (id INTEGER PRIMARY KEY, number, filler)",
        `INSERT INTO t SELECT value, value, hex(zeroblob(500))
         FROM (WITH RECURSIVE c(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM c LIMIT 2000)
           SELECT value FROM c)`,
      ])
    );
    await database.close();
    await work(path);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function numbers(database: Database, sql: string): Promise<number[]> {
  const found: number[] = [];
  await database.read(async (reader) => {
    for await (const { number } of reader.iterate<{ number: number }>(sql, [1990])) {
      found.push(number);
    }
  });
  return found;
}

const sql = "SELECT number FROM t WHERE number > ? OR id < 3 ORDER BY id";
const isDamage = (error: unknown) => error instanceof LaminError && error.code === "damaged";

Deno.test("iterate: all rows come, and a reader may stop early", async () => {
  await withRows(async (path) => {
    const database = openSqlite({ path, now: () => new Date() });
    const expected = [1, 2, ...Array.from({ length: 10 }, (_, index) => 1991 + index)];
    assert.deepEqual(await numbers(database, sql), expected);
    await database.read(async (reader) => {
      for await (const row of reader.iterate("SELECT id FROM t")) return assert.equal(row["id"], 1);
    });
    await database.close();
  });
});

Deno.test("iterate: a row that cannot be read is a failure, not the end", async () => {
  await withRows(async (path) => {
    const database = openSqlite({ path, now: () => new Date() });
    await database.write((writer) =>
      writer.run("UPDATE t SET number = 9223372036854775807 WHERE id = 1995")
    );
    await assert.rejects(() => numbers(database, sql), isDamage);
    await database.close();
  });
});

Deno.test("iterate: so is a damaged page", async () => {
  await withRows(async (path) => {
    const bytes = Deno.readFileSync(path);
    // Past the first pages, which hold the schema and the root of the table.
    const page = new DataView(bytes.buffer).getUint16(16);
    for (let at = page * 40; at < page * 60; at++) bytes[at] = 0xa5;
    Deno.writeFileSync(path, bytes);
    const database = openSqlite({ path, now: () => new Date() });
    const all = "SELECT number FROM t WHERE number < ?";
    await assert.rejects(() => numbers(database, all), isDamage);
    assert.ok((await database.check()).length > 0);
    await database.close();
  });
});
