/** What `add` says of names and places that are out of the ordinary. */
import assert from "node:assert/strict";
import { withInstance } from "../lamin.ts";
import { test } from "../skip.ts";

const namesAreUtf8 = Deno.build.os === "linux" ? undefined : "names are UTF-8 on this system";

test(
  "add: a name that is not UTF-8 is refused, not passed over in silence",
  namesAreUtf8,
  async () => {
    await withInstance(async ({ run, root, write }) => {
      write("good.csv", "x\n");
      const make = `touch "$(printf 'bad\\377.csv')" && mkdir "$(printf 'f\\377')" x.zarr &&
      touch x.zarr/0 "x.zarr/$(printf '\\377')"`;
      assert.ok((await new Deno.Command("sh", { args: ["-c", make], cwd: root }).output()).success);
      const { code, stdout, stderr } = await run(["add", ".", "--json"]);
      assert.equal(code, 1, stderr);
      assert.equal(
        JSON.parse(stdout).key,
        "good.csv",
        "a folder is not added without one of its files",
      );
      assert.equal(stderr.match(/its name is not valid UTF-8/g)?.length, 2, stderr);
      assert.match(stderr, /not added: .*x\.zarr/);
      assert.match((await run(["status"])).stderr, /not looked at: bad\ufffd\.csv: its name/);
    });
  },
);

Deno.test("add: where there is nothing to add it says so", async () => {
  await withInstance(async ({ run, root, write }) => {
    Deno.mkdirSync(`${root}/empty`);
    write("hidden/a.tmp", "a");
    write("hidden/.laminignore", "*\n");
    for (const folder of ["empty", "hidden"]) {
      const { code, stdout, stderr } = await run(["add", folder]);
      assert.deepEqual([code, stdout], [0, ""]);
      assert.match(stderr, /nothing to add/);
    }
  });
});

Deno.test("add: says which names no file will get from us", async () => {
  await withInstance(async ({ run, write }) => {
    write("a.csv", "x\n");
    write("b.zarr/0", "x\n");
    for (const name of ["12:30.csv", "b.zarr/c:0", "CON", "aux.csv", "nul"]) write(name, name);
    const { code, stderr } = await run(["add", "."]);
    assert.equal(code, 0, stderr);
    const lines = stderr.trim().split("\n");
    assert.match(lines[0]!, /'lamin get' will not write 12:30\.csv under this name: a colon names/);
    assert.equal(lines.length, 4, stderr);
    assert.match(lines[3]!, /nor 2 others/);
    assert.equal((await run(["add", "."])).stderr, "", "once is enough");
    assert.equal((await run(["cat", "12:30.csv"])).stdout, "12:30.csv");
  });
});

Deno.test("add: what cannot be meant is refused before anything is read", async () => {
  await withInstance(async ({ run, write, json }) => {
    write("a.csv", "x\n");
    const lines: [string[], RegExp][] = [
      [["--key-prefix", ""], /'' is no prefix/],
      [["--key-prefix", "/"], /'\/' is no prefix/],
      [["--key", "b/"], /names a folder/],
      [["--key", "b.csv", "--key-prefix", "c"], /exclude each other/],
      [["--kind", "__lamindb_run__"], /keeps the kind '__lamindb_run__' for itself/],
      [["--branch", "trash"], /the trash is no branch/],
    ];
    for (const [words, sentence] of lines) {
      const { code, stdout, stderr } = await run(["add", "a.csv", ...words]);
      assert.deepEqual([code, stdout], [2, ""], `${words}: ${stderr}`);
      assert.match(stderr, sentence);
    }
    assert.deepEqual(await json("list", "artifact", "--all-versions"), []);
  });
});
