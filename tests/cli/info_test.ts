import assert from "node:assert/strict";
import { withInstance } from "../lamin.ts";
import { test } from "../skip.ts";
import { onlySqlite } from "../test_database.ts";

test(
  "info: counts artifacts, versions, objects and bytes, and changes nothing",
  onlySqlite,
  async () => {
    await withInstance(async ({ root, home, json, lamin, write }) => {
      write("a.csv", "1\n");
      write("b.csv", "1\n");
      write("c.csv", "12345\n");
      await lamin("add", ".");
      write("c.csv", "123456789\n");
      await lamin("add", "c.csv");
      await lamin("rm", "b.csv");
      const before = Deno.readFileSync(`${root}/.lamindb/lamin.db`);
      const [info] = await json("info");
      assert.deepEqual(info.counts, {
        not_fetched: 0,
        not_fetched_bytes: 0,
        artifacts: 2,
        versions: 3,
        trashed: 1,
        bytes: 2 + 2 + 6 + 10,
        objects: 3,
        object_bytes: 2 + 6 + 10,
      });
      assert.equal(info.slug, "anonymous/atlas");
      assert.equal(info.root, root);
      assert.equal(info.work_tree, root);
      assert.deepEqual(info.schema, { state: "known", migration: "0193_v2_9_part_2" });
      assert.equal(info.database.path, `${root}/.lamindb/lamin.db`);
      assert.equal(info.database.journal_mode, "wal");
      assert.deepEqual(info.modules, ["bionty"]);
      assert.equal(info.branch, "main");
      assert.deepEqual(info.user, { uid: "00000000", handle: "anonymous", name: null });
      assert.equal(info.python_settings, `${home}/.lamin/instance--anonymous--atlas.env`);
      assert.deepEqual([info.moved_from, info.remedy], [null, null]);
      assert.deepEqual(Deno.readFileSync(`${root}/.lamindb/lamin.db`), before);
      const text = await lamin("info");
      assert.match(text, /^artifacts {2}2 in 3 versions, 20 B; 1 in the trash$/m);
    }, ["--modules", "bionty"]);
  },
);
