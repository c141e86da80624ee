import assert from "node:assert/strict";
import { createSqlite, openSqlite } from "../../../store/database/sqlite.ts";
import { busyTimeoutMs } from "../../../store/database/sqlite_connection.ts";

Deno.test("sqlite: who only reads waits for a writer as long as who writes", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  try {
    const options = { path: `${folder}/a.db`, now: () => new Date() };
    await createSqlite({ ...options, setUp: ["CREATE TABLE a (b)"] }).close();
    for (const readOnly of [true, false]) {
      for (const patience of [{}, { patienceMs: 0 }]) {
        const database = openSqlite({ ...options, ...patience, readOnly });
        const row = await database.read((reader) => reader.first("PRAGMA busy_timeout"));
        assert.deepEqual({ ...row }, { timeout: busyTimeoutMs });
        await database.close();
      }
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
