/** Commands that change rows, and files or bytes with them. */
import assert from "node:assert/strict";
import { look } from "./look.ts";
import { noteOutput } from "../cli/snakemake_world.ts";
import { deathSuite } from "./stepping.ts";

deathSuite({
  name: "init",
  words: ["init", "."],
  again: "either",
  check: ({ root, home, read }) => {
    const [uid] = read(".lamindb/storage_uid.txt").split("\n");
    const rows = look(root).rows.filter((row) => row.startsWith("lamindb_storage "));
    assert.ok(
      rows.length === 1 && rows[0]!.includes(`"uid":"${uid}"`),
      "the mark is the storage's",
    );
    assert.equal(read(".lamin/current_instance"), "anonymous/atlas");
    const settings = Deno.readTextFileSync(`${home}/.lamin/instance--anonymous--atlas.env`);
    assert.ok(settings.includes(`storage_root=${root}\n`), "Python finds it");
  },
});

deathSuite({
  name: "mv: a file of the work tree",
  words: ["mv", "raw/a.csv", "cooked/b.csv"],
  again: "refused",
  prepare: async ({ write, lamin }) => {
    write("raw/a.csv", "a\n");
    await lamin("add", "raw/a.csv");
  },
});

deathSuite({
  name: "mv: a folder with a data set",
  words: ["mv", "raw/", "cooked/"],
  again: "refused",
  prepare: async ({ write, lamin }) => {
    write("raw/a.csv", "a\n");
    write("raw/deep/b.csv", "b\n");
    write("raw/c.zarr/0", "c\n");
    await lamin("add", "raw");
  },
});

deathSuite({
  name: "mv: bytes that lie in place",
  words: ["mv", "raw/", "cooked/"],
  again: "refused",
  keepsOldNames: true,
  prepare: async ({ write, lamin }) => {
    write("raw/a.csv", "a\n");
    write("raw/c.zarr/0", "c\n");
    await lamin("add", "--no-copy", "raw");
  },
});

deathSuite({
  name: "rm",
  words: ["rm", "a.csv"],
  again: "refused",
  prepare: async ({ write, lamin }) => {
    write("a.csv", "a\n");
    await lamin("add", "a.csv");
  },
});

deathSuite({
  name: "rm -r --files",
  words: ["rm", "-r", "--files", "raw"],
  again: "refused",
  keepsOldNames: true,
  prepare: async ({ write, lamin }) => {
    write("raw/a.csv", "a\n");
    write("raw/sub/b.csv", "b\n");
    await lamin("add", "raw");
  },
});

deathSuite({
  name: "rm --permanent",
  words: ["rm", "--permanent", "--force", "a.csv", "f.zarr"],
  again: "refused",
  prepare: async ({ write, lamin }) => {
    write("a.csv", "a\n");
    write("f.zarr/0", "f\n");
    await lamin("add", ".");
  },
});

deathSuite({
  name: "restore",
  words: ["restore", "a.csv"],
  again: "refused",
  prepare: async ({ write, lamin }) => {
    for (const content of ["1\n", "2\n"]) {
      write("a.csv", content);
      await lamin("add", "a.csv");
    }
    await lamin("rm", "a.csv");
  },
});

deathSuite({
  name: "undo: an addition",
  words: async ({ json }) => ["undo", (await json("op", "log"))[0].uid],
  again: "refused",
  prepare: async ({ write, lamin }) => {
    write("a.csv", "1\n");
    await lamin("add", "a.csv");
    write("a.csv", "2\n");
    write("f.zarr/0", "f\n");
    await lamin("add", "a.csv", "f.zarr");
  },
});

deathSuite({
  name: "undo: a move",
  words: async ({ json }) => ["undo", (await json("op", "log"))[0].uid],
  again: "refused",
  keepsOldNames: true,
  prepare: async ({ write, lamin }) => {
    write("raw/a.csv", "a\n");
    write("raw/f.zarr/0", "f\n");
    await lamin("add", "raw/a.csv");
    await lamin("add", "--no-copy", "raw/f.zarr");
    await lamin("mv", "raw/", "cooked/");
  },
});

deathSuite({
  name: "import-run",
  words: ["import-run", "snakemake", "flow"],
  again: "same",
  prepare: ({ write }) => {
    write("flow/raw/a.csv", "a\n");
    write("flow/out/a.txt", "1\n");
    write("flow/out/a.log", "fine\n");
    const endtime = 4_102_444_800; // later than the files, whatever the clock says
    noteOutput({ write }, "flow", "out/a.txt", {
      input: ["raw/a.csv"],
      log: ["out/a.log"],
      endtime,
    });
    return Promise.resolve();
  },
});
