/** Python works on an instance wherever lamin moved its rows, and lamin on what it saved there. */
import assert from "node:assert/strict";
import { noPython, python } from "../interop/python.ts";
import { workspaceAt } from "../lamin.ts";
import { test } from "../skip.ts";
import { dumpOfFile, dumpOfServer } from "./dump.ts";
import { noMigration, withPlace, withPythonPlace } from "./place.ts";

test(
  "migrate: Python loads and saves on the server, and again in the file",
  noMigration ?? noPython,
  async () => {
    await withPlace(async (atlas, url) => {
      const workspace = workspaceAt(atlas.root, atlas.home);
      atlas.write("a.txt", "of lamin\n");
      await atlas.lamin("add", ".");
      await atlas.lamin("migrate-db", url);
      const there = await python(workspace, "use_moved.py", "postgres");
      assert.deepEqual(there.texts, { "a.txt": "of lamin\n" });
      assert.deepEqual([there.engine, there.pending], ["postgresql", []]);
      assert.equal(await atlas.lamin("cat", there.uid), "of python, with postgres\n");
      const dump = await dumpOfServer(url);
      await atlas.lamin("migrate-db", "sqlite");
      assert.deepEqual(await dumpOfFile(atlas.root), dump);
      const back = await python(workspace, "use_moved.py", "sqlite");
      assert.deepEqual([back.engine, back.pending], ["sqlite", []]);
      assert.deepEqual(back.labels, ["of postgres", "of sqlite"]);
      assert.equal(back.texts["of_postgres.txt"], "of python, with postgres\n");
      assert.deepEqual(await atlas.json("fsck", "--deep"), []);
    });
  },
);

test(
  "migrate: what Python made, Python goes on with on a server",
  noMigration ?? noPython,
  async () => {
    await withPythonPlace("lamindb-2.12.1", async (atlas, url) => {
      await atlas.lamin("connect", atlas.root);
      await atlas.lamin("migrate-db", url);
      const { engine, pending, uid } = await python(
        workspaceAt(atlas.root, atlas.home),
        "use_moved.py",
        "postgres",
      );
      assert.deepEqual([engine, pending], ["postgresql", []]);
      assert.equal(await atlas.lamin("cat", uid), "of python, with postgres\n");
    });
  },
);
