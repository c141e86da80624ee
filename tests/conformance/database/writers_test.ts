import assert from "node:assert/strict";
import { test } from "../../skip.ts";
import { drivers, withTables } from "./driver.ts";
import { kinds, migrations } from "./tables.ts";

const processes = 16;
const times = 5;

for (const driver of drivers) {
  const name = `database: ${driver.name}: ${processes} processes write at once, and none is lost`;
  test(name, driver.missing, async () => {
    // The lock of writers is one on this table of Django's.
    await withTables(driver, [kinds, migrations], async (database, _, address) => {
      await database.write((writer) => writer.insert(kinds, [{ count: 0 }]));
      const script = new URL("./writer_process.ts", import.meta.url).pathname;
      const all = await Promise.all(
        Array.from({ length: processes }, () =>
          new Deno.Command(Deno.execPath(), {
            args: ["run", "-A", "--no-check", script, JSON.stringify(address), String(times)],
            stderr: "inherit",
          }).output()),
      );
      assert.ok(all.every(({ success }) => success));
      const rows = await database.read((reader) => reader.select(kinds, "TRUE ORDER BY id"));
      assert.equal(rows[0]!.count, processes * times);
      // Each saw what the one before it had left.
      assert.deepEqual(rows.slice(1).map(({ count }) => count), [
        ...Array(processes * times).keys(),
      ]);
    });
  });
}
