/** Moving artifacts whose bytes lie at their key, among the files of the work tree. */

import assert from "node:assert/strict";
import { exitCode } from "../../cli/exit.ts";
import { changeDatabase } from "../open_instance.ts";
import { test } from "../skip.ts";
import { onlyLocal, onPostgres } from "../test_database.ts";
import { atlasAt, withAtlas } from "./atlas.ts";

test("mv: bytes in place move with their row", onlyLocal, async (t) => {
  await withAtlas(async (atlas) => {
    const { write, read, lamin, json, run, exists, root } = atlas;
    const database = `${root}/.lamindb/lamin.db`;
    write("raw/placed.csv", "in place\n");
    write("run7/meta.json", "{}");
    write("run7/well/a.txt", "a");
    Deno.mkdirSync(atlas.path("run7/nothing"));
    await lamin("add", "--no-copy", "raw/placed.csv");
    await lamin("add", "--no-copy", "--as", "folder", "run7");
    await lamin("add", "--no-copy", "--key", "other name.csv", "raw/placed.csv");
    await t.step("a file, with the other artifact that has its bytes", async () => {
      const [moved] = await json("mv", "raw/placed.csv", "kept/placed.csv");
      assert.deepEqual([moved._key_is_virtual, moved._real_key], [false, null]);
      assert.deepEqual([read("kept/placed.csv"), exists("raw")], ["in place\n", false]);
      for (const key of ["kept/placed.csv", "other name.csv"]) {
        assert.equal(await lamin("cat", key), "in place\n", key);
      }
      assert.deepEqual(await json("status"), []);
    });
    await t.step("undo does not tear row and bytes apart", async () => {
      await lamin("undo");
      assert.deepEqual([read("raw/placed.csv"), exists("kept")], ["in place\n", false]);
      for (const key of ["raw/placed.csv", "other name.csv"]) {
        assert.equal(await lamin("cat", key), "in place\n", key);
      }
      await lamin("mv", "raw/placed.csv", "kept/placed.csv");
    });
    await t.step("a folder, with what is in it", async () => {
      await lamin("mv", "run7", "imaging/run7");
      assert.deepEqual([exists("run7"), await lamin("cat", "imaging/run7/well/a.txt")], [
        false,
        "a",
      ]);
      assert.deepEqual(await json("status"), []);
    });
    await t.step("moved by hand", async () => {
      Deno.renameSync(atlas.path("kept/placed.csv"), atlas.path("placed.csv"));
      assert.deepEqual((await json("status")).map(({ status, from }) => [status, from]), [
        ["renamed", "kept/placed.csv"],
      ]);
      assert.equal((await json("mv", "kept/placed.csv", "placed.csv"))[0].file, "moved by hand");
      assert.equal(await lamin("cat", "other name.csv"), "in place\n");
    });
    const unwritable = "nothing changes when the rows cannot be written";
    // Its triggers are in SQLite's words.
    if (!onPostgres) {
      await t.step(unwritable, async () => {
        changeDatabase(
          database,
          `CREATE TRIGGER refuse BEFORE UPDATE ON lamindb_artifact
         WHEN NEW.key LIKE 'refused%' BEGIN SELECT RAISE(ABORT, 'no'); END;
         CREATE TRIGGER refuse_log BEFORE INSERT ON lamin_operation
         WHEN NEW.summary LIKE '%unlogged%' BEGIN SELECT RAISE(ABORT, 'no'); END`,
        );
        for (const key of ["refused", "unlogged"]) {
          assert.notEqual((await run("mv", "placed.csv", `${key}.csv`)).code, 0);
          assert.notEqual((await run("mv", "imaging/run7", `${key}/run7`)).code, 0);
          assert.deepEqual([read("placed.csv"), exists(`${key}.csv`), exists(key)], [
            "in place\n",
            false,
            false,
          ]);
        }
        assert.deepEqual(await json("status"), []);
        assert.equal((await run("fsck")).code, 0);
      });
    }
    await t.step("bytes that are gone are said to be", async () => {
      atlas.remove("placed.csv");
      assert.equal((await run("mv", "placed.csv", "again.csv")).code, exitCode.damaged);
    });
  });
});

test(
  "mv: a crash at any moment leaves every recorded byte under the name of its row",
  onlyLocal,
  async () => {
    await withAtlas(async ({ write, lamin, root, home, exists, read }) => {
      write("placed.csv", "in place\n");
      await lamin("add", "--no-copy", "placed.csv");
      const atlas = atlasAt(root, home);
      const { denoHost } = await import("../../store/host/deno.ts");
      const { main } = await import("../../cli/main.ts");
      const host = denoHost();
      // The process dies where the old name would be removed: the rows are committed by then.
      const dying = {
        ...host,
        workingDirectory: () => root,
        homeDirectory: () => home,
        environment: () => undefined,
        files: {
          ...host.files,
          remove: (path: string) => {
            if (path === `${root}/placed.csv`) throw new Error("died");
            host.files.remove(path);
          },
        },
        terminal: { ...host.terminal, writeOutput: () => {}, writeError: () => {} },
      };
      assert.notEqual(await main(dying, ["mv", "placed.csv", "moved.csv"]), 0);
      assert.deepEqual([exists("placed.csv"), read("moved.csv")], [true, "in place\n"]);
      assert.equal(await atlas.lamin("cat", "moved.csv"), "in place\n");
      assert.equal((await atlas.run("fsck")).code, 0);
      assert.deepEqual((await atlas.json("status")).map(({ status, path }) => [status, path]), [
        ["new", "placed.csv"],
      ]);
    });
  },
);
