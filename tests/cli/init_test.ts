import assert from "node:assert/strict";
import { withWorkspace } from "../lamin.ts";
import { test } from "../skip.ts";
import { onlyLocal, onlySqlite } from "../test_database.ts";

test("init: makes what Python looks for", onlySqlite, async () => {
  await withWorkspace(async ({ run, read, root, home, json }) => {
    const made = JSON.parse((await run(["init", "--modules", "bionty", "--json"])).stdout);
    assert.deepEqual([made.slug, made.work_tree], ["anonymous/atlas", root]);
    assert.equal(read(".lamin/current_instance"), "anonymous/atlas");
    const settings = Deno.readTextFileSync(`${home}/.lamin/instance--anonymous--atlas.env`);
    assert.match(settings, new RegExp(`^lamindb_instance_storage_root=${root}$`, "m"));
    assert.match(settings, /^lamindb_instance_schema_str=bionty$/m);
    assert.match(
      read(".lamindb/storage_uid.txt"),
      /^[0-9A-Za-z]{12}\ncreation info:\ninstance_slug=/,
    );
    assert.equal((await json("list", "artifact")).length, 0);
  });
});

test("init: harms no instance, folder or file that is there", onlySqlite, async () => {
  await withWorkspace(async ({ run, write, read, root, home }) => {
    write("data.csv", "mine\n");
    assert.equal((await run(["init"])).code, 0);
    const before = Deno.statSync(`${root}/.lamindb/lamin.db`);
    for (const words of [["init"], ["init", "."], ["init", "inner"], ["init", "data.csv"]]) {
      const { code, stderr } = await run(words);
      assert.equal(code, 1, words.join(" "));
      assert.equal(stderr.trim().split("\n").length <= 2, true);
    }
    const after = Deno.statSync(`${root}/.lamindb/lamin.db`);
    assert.deepEqual([after.ino, after.mtime, after.size], [before.ino, before.mtime, before.size]);
    assert.equal(read("data.csv"), "mine\n");
    assert.throws(() => Deno.statSync(`${root}/inner`), "a refused init makes no folder");
    // The slug is taken by an instance elsewhere.
    const elsewhere = await run(["init", `${root}/../other/atlas`]);
    assert.equal(elsewhere.code, 1);
    assert.match(elsewhere.stderr, /--name/);
    assert.equal((await run(["init", "../second", "--name", "a/b"])).code, 2);
    assert.equal((await run(["init", "../second", "--modules", "biontyy"])).code, 2);
    assert.equal(Deno.readDirSync(`${home}/.lamin`).some(() => true), true);
  });
});

test(
  "init: no instance inside the storage of another one, wherever its rows are",
  onlyLocal,
  async () => {
    await withWorkspace(async ({ run, root }) => {
      assert.equal((await run(["init"])).code, 0);
      const { code, stderr } = await run(["init", "inner"]);
      assert.deepEqual([code, /lies inside the storage/.test(stderr)], [1, true], stderr);
      assert.throws(() => Deno.statSync(`${root}/inner`), "a refused init makes no folder");
    });
  },
);

test(
  "init: found from any folder below, and from a project that keeps its storage elsewhere",
  onlySqlite,
  async () => {
    await withWorkspace(async ({ run, write, json, root }) => {
      assert.equal((await run(["init", "project", "--storage", "project/storage"])).code, 0);
      write("project/deep/er/a.csv", "1\n");
      const added = await run(["add", "a.csv", "--json"], { folder: "project/deep/er" });
      assert.equal(JSON.parse(added.stdout).key, "deep/er/a.csv");
      const listed = await run(["list", "artifact", "--json"], {
        folder: "project/storage/.lamindb",
      });
      assert.equal(JSON.parse(listed.stdout).key, "deep/er/a.csv");
      assert.equal((await run(["list", "artifact"])).code, 10, "the folder above belongs to none");
      const named = await run(["-C", "anonymous/project", "list", "artifact", "--json"]);
      assert.equal(JSON.parse(named.stdout).key, "deep/er/a.csv");
      // Both folders move together: nothing but the directory says where it is now.
      Deno.renameSync(`${root}/project`, `${root}/moved`);
      const moved = await run(["cat", "a.csv"], { folder: "moved/deep/er" });
      assert.equal(moved.stdout, "1\n");
      assert.equal((await json("-C", "moved", "list", "artifact")).length, 1);
    });
  },
);

test(
  "init: without a home that can be written there is an instance, and a word of it",
  onlySqlite ?? onlyLocal,
  async () => {
    await withWorkspace(async ({ run, root, write }) => {
      write("file", "no folder");
      const environment = { LAMIN_SETTINGS_DIR: `${root}/file` };
      const { code, stdout, stderr } = await run(["init", "a", "--json"], { environment });
      assert.deepEqual([code, JSON.parse(stdout).settings], [0, null], stderr);
      assert.match(stderr, /Python cannot find it.*lamin connect .*\/a'/);
      write("a/x.csv", "x\n");
      const added = await run(["add", "x.csv"], { environment, folder: "a" });
      assert.equal(added.code, 0, added.stderr);
    });
  },
);

test(
  "init: of several at once one makes the instance, the others leave it alone",
  onlySqlite,
  async () => {
    await withWorkspace(async ({ run, json, read, root }) => {
      const all = await Promise.all(Array.from({ length: 4 }, () => run(["init", "."])));
      assert.deepEqual(all.map(({ code }) => code).sort(), [0, 1, 1, 1]);
      for (const { code, stderr } of all) {
        if (code !== 0) assert.match(stderr, /there is already an instance in/);
      }
      const [info] = await json("info");
      assert.equal(info.storages[0].uid, read(".lamindb/storage_uid.txt").split("\n")[0]);
      const left = [...Deno.readDirSync(`${root}/.lamindb`)].map(({ name }) => name).sort();
      assert.deepEqual(left.filter((name) => name.startsWith("new-")), []);
    });
  },
);

Deno.test("init: a link that leads nowhere is no folder to be made", async () => {
  await withWorkspace(async ({ run, path }) => {
    Deno.symlinkSync(path("nothing"), path("link"));
    for (const folder of ["link", "link/below"]) {
      const { code, stderr } = await run(["init", folder]);
      assert.equal(code, 1);
      assert.match(stderr, /\/link is a link that leads nowhere/);
    }
    assert.throws(() => Deno.statSync(path("nothing")));
  });
});
