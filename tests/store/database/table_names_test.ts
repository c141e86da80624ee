import assert from "node:assert/strict";
import { LaminError } from "../../../store/errors.ts";
import type { Database } from "../../../store/database/database.ts";
import { createSqlite, openSqlite } from "../../../store/database/sqlite.ts";

async function withDatabases(work: (one: Database, other: Database) => Promise<void>) {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  const options = { path: `${folder}/test.db`, readOnly: false, now: () => new Date() };
  const one = createSqlite(options);
  const other = openSqlite(options);
  try {
    await work(one, other);
  } finally {
    await one.close();
    await other.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

const has = (database: Database, name: string) => database.read((reader) => reader.hasTable(name));

Deno.test("table names: tables are there once made, by whomever, and views are none", async () => {
  await withDatabases(async (one, other) => {
    assert.equal(await has(one, "made"), false);
    await other.write((writer) => writer.script(["CREATE TABLE made (id)"]));
    assert.equal(await has(one, "made"), true);
    await one.write(async (writer) => {
      await writer.script(["DROP TABLE made", "CREATE VIEW seen AS SELECT 1"]);
      assert.equal(await writer.hasTable("made"), false);
      assert.equal(await writer.hasTable("seen"), false);
    });
    assert.equal(await has(other, "made"), false);
  });
});

Deno.test("table names: what was taken back is not there", async () => {
  await withDatabases(async (one, other) => {
    const failing = one.write(async (writer) => {
      await writer.script(["CREATE TABLE lost (id)"]);
      assert.equal(await writer.hasTable("lost"), true);
      throw new LaminError("failed", "as it should");
    });
    await assert.rejects(failing, /as it should/);
    // The schema has the same number that it had with the other table.
    await other.write((writer) => writer.script(["CREATE TABLE kept (id)"]));
    assert.equal(await has(one, "lost"), false);
    assert.equal(await has(one, "kept"), true);
  });
});
