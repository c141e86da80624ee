import assert from "node:assert/strict";
import { withAtlas } from "../../cli/atlas.ts";
import { withRaw } from "../../raw_database.ts";
import { test } from "../../skip.ts";
import { onlySqlite } from "../../test_database.ts";

Deno.test("a user whose handle is another one's writes nothing, and is told why", async () => {
  await withAtlas(async (atlas) => {
    withRaw(atlas.root, (database) => database.run("UPDATE lamindb_user SET uid = 'other123'"));
    atlas.write("a.csv", "x\n");
    const { code, stdout, stderr } = await atlas.run("add", "a.csv");
    assert.deepEqual([code, stdout], [1, ""], stderr);
    assert.match(stderr, /^✗ the user 'anonymous' of this instance has another uid\n {2}log in as/);
    assert.deepEqual(await atlas.json("list", "artifact"), []);
  });
});

test(
  "a database whose header promises a format that is not known is damaged",
  onlySqlite,
  async () => {
    await withAtlas(async (atlas) => {
      const path = atlas.path(".lamindb/lamin.db");
      const bytes = Deno.readFileSync(path);
      bytes[47] = 9; // schema format number (SQLite's file format, 1.3.11)
      Deno.writeFileSync(path, bytes);
      const { code, stderr } = await atlas.run("status");
      assert.equal(code, 13, stderr);
      assert.match(stderr, /not a sound SQLite database/);
    });
  },
);
