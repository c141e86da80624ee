import assert from "node:assert/strict";
import type { Database } from "../../../store/database/database.ts";
import { type Driver, withTables } from "./driver.ts";
import { names } from "./tables.ts";

const all = (database: Database) =>
  database.read(async (reader) =>
    (await reader.select(names, "TRUE ORDER BY id")).map(({ name }) => name)
  );

const insert = (database: Database, name: string) =>
  database.write((writer) => writer.insert(names, [{ name, is_on: true }]));

export const transactions = {
  async "what fails leaves nothing, and the next one works"(driver: Driver) {
    await withTables(driver, [names], async (database) => {
      await insert(database, "a");
      const failure = new Error("on purpose");
      const failing = database.write(async (writer) => {
        await writer.insert(names, [{ name: "b", is_on: true }]);
        throw failure;
      });
      await assert.rejects(failing, (error) => error === failure);
      await assert.rejects(
        database.write((writer) => writer.run("INSERT INTO nowhere VALUES (1)")),
      );
      await assert.rejects(database.read((reader) => reader.all("SELECT nothing")));
      await assert.rejects(insert(database, "a"));
      await insert(database, "c");
      assert.deepEqual(await all(database), ["a", "c"]);
    });
  },

  async "a read inside of a write sees what was written"(driver: Driver) {
    await withTables(driver, [names], async (database) => {
      await database.write(async (writer) => {
        await writer.insert(names, [{ name: "a", is_on: true }]);
        assert.deepEqual(await all(database), ["a"]);
      });
    });
  },

  async "a read is of one moment, whatever others commit meanwhile"(driver: Driver) {
    await withTables(driver, [names], async (database, open) => {
      await insert(database, "a");
      const other = await open();
      try {
        await database.read(async (reader) => {
          const count = async () => (await reader.select(names)).length;
          assert.equal(await count(), 1);
          await insert(other, "b");
          assert.equal(await count(), 1);
        });
        assert.deepEqual(await all(database), ["a", "b"]);
      } finally {
        await other.close();
      }
    });
  },

  async "tables are made and dropped inside of a transaction, too"(driver: Driver) {
    await withTables(driver, [names], async (database) => {
      const failing = database.write(async (writer) => {
        await writer.script(["CREATE TABLE extra (id integer)", "DROP TABLE test_name"]);
        assert.equal(await writer.hasTable("extra"), true);
        throw new Error("on purpose");
      });
      await assert.rejects(failing, /on purpose/);
      await database.read(async (reader) => {
        assert.equal(await reader.hasTable("extra"), false);
        assert.equal(await reader.hasTable("test_name"), true);
      });
    });
  },
};
