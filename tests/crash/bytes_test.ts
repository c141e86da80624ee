/** Commands that write, read and collect bytes. */
import { flipBit } from "../core/fsck/damage.ts";
import { deathSuite } from "./stepping.ts";

deathSuite({
  name: "add: new files, a new version, the same content twice",
  words: ["add", "a.csv", "b.csv", "sub"],
  again: "same",
  prepare: async ({ write, lamin }) => {
    write("a.csv", "first\n");
    await lamin("add", "a.csv");
    write("a.csv", "second\n");
    write("b.csv", "b\n");
    write("sub/c.txt", "b\n");
    write("sub/d.txt", "d\n");
  },
});

deathSuite({
  name: "add: more files than are flushed singly",
  words: ["add", "."],
  again: "same",
  prepare: ({ write }) => {
    for (let file = 0; file < 12; file++) write(`${file % 3}/f${file}.txt`, `${file}\n`);
    return Promise.resolve();
  },
});

deathSuite({
  name: "add: the next version of a data set",
  words: ["add", "f.zarr"],
  again: "same",
  prepare: async ({ write, lamin }) => {
    write("f.zarr/kept/0", "kept\n");
    write("f.zarr/0", "old\n");
    await lamin("add", "f.zarr");
    write("f.zarr/0", "new\n");
    write("f.zarr/1", "kept\n");
  },
});

for (const flag of ["--link", "--no-copy"]) {
  deathSuite({
    name: `add ${flag}`,
    words: ["add", flag, "a.csv", "f.zarr"],
    again: "same",
    prepare: ({ write }) => {
      write("a.csv", "a\n");
      write("f.zarr/0", "f\n");
      return Promise.resolve();
    },
  });
}

deathSuite({
  name: "add: a pipe",
  words: ["add", "-", "--key", "p.csv"],
  input: "from a pipe\n",
  again: "same",
  prepare: () => Promise.resolve(),
});

deathSuite({
  name: "get: files that are gone, one that changed, and a data set",
  words: ["get", "a.csv", "sub/b.csv", "f.zarr"],
  again: "same",
  prepare: async ({ write, lamin, remove }) => {
    write("a.csv", "1\n");
    write("sub/b.csv", "b\n");
    write("f.zarr/0", "0\n");
    write("f.zarr/deep/1", "1\n");
    await lamin("add", ".");
    write("a.csv", "2\n");
    await lamin("add", "a.csv");
    write("a.csv", "1\n");
    remove("sub");
    remove("f.zarr");
  },
});

deathSuite({
  name: "get: more files than are flushed singly",
  words: ["get", "sub/"],
  again: "same",
  prepare: async ({ write, lamin, remove }) => {
    for (let file = 0; file < 12; file++) write(`sub/${file % 3}/f${file}.txt`, `${file}\n`);
    await lamin("add", ".");
    remove("sub");
  },
});

deathSuite({
  name: "gc",
  words: ["gc", "--apply", "--grace", "0"],
  again: "same",
  // Notes of objects that were on their way out.
  tidy: ["fsck", "--repair"],
  prepare: async ({ write, lamin }) => {
    write("a.csv", "one\n");
    write("f.zarr/0/0", "two\n");
    write("kept.csv", "three\n");
    await lamin("add", ".");
    await lamin("rm", "--permanent", "--force", "a.csv", "f.zarr");
  },
});

deathSuite({
  name: "fsck --repair",
  words: ["fsck", "--deep", "--repair"],
  again: "same",
  // What was staged when all was mended but not yet noted.
  tidy: ["gc", "--apply"],
  isDamaged: true,
  prepare: async ({ write, json, path }) => {
    write("a.csv", "precious\n");
    write("f.zarr/0/0", "chunk\n");
    write("f.zarr/0/1", "chunk 1\n");
    const added = await json("add", ".");
    const [file, folder] = ["a.csv", "f.zarr"].map((key) =>
      path(added.find((row) => row.key === key)._real_key)
    );
    flipBit(file!, 1);
    Deno.removeSync(`${folder}/0/0`);
  },
});
