import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openSqlite } from "../../../store/database/sqlite.ts";

Deno.test("sqlite: what is committed survives a power loss, whichever journal the file has", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  try {
    for (const journal of ["wal", "delete"]) {
      const path = `${folder}/${journal}.db`;
      const made = new DatabaseSync(path);
      made.exec(`PRAGMA journal_mode = ${journal}; CREATE TABLE a (b)`);
      made.close();
      const database = openSqlite({ path, now: () => new Date() });
      const setting = (name: string) => database.read((reader) => reader.first(`PRAGMA ${name}`));
      const journalMode = { wal: "wal", delete: "truncate" }[journal];
      assert.deepEqual({ ...await setting("journal_mode") }, { journal_mode: journalMode });
      // EXTRA: unlike FULL it also flushes that a journal is gone which was removed.
      assert.deepEqual({ ...await setting("synchronous") }, { synchronous: 3 });
      assert.deepEqual({ ...await setting("fullfsync") }, { fullfsync: 1 });
      await database.close();
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
