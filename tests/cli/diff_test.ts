import assert from "node:assert/strict";
import { fixturePath } from "../core/python_corpus.ts";
import { withInstance, withPythonInstance, type Workspace } from "../lamin.ts";
import { makeWritable } from "../core/fsck/damage.ts";
import { stored } from "../days.ts";

const before = "id,age,name\n1,31,ann\n2,40,bob\n3,50,cy\n";
const after = "id,age,name\n1,32,ann\n3,50,cy\n2,40,bob\n";

async function copyTo(workspace: Workspace, fixture: string, name: string): Promise<void> {
  const words = ["-r", fixturePath(fixture), workspace.path(name)];
  assert.ok((await new Deno.Command("cp", { args: words }).output()).success);
}

Deno.test("diff: the work tree against what was added, every kind of change", async () => {
  await withInstance(async (workspace) => {
    const { lamin, json, run, write, root } = workspace;
    write("raw/a.csv", before);
    write("t.txt", "hello\nworld\n");
    write("same.txt", "same\n");
    write("gone.txt", "gone\n");
    write("old_name.bin", Uint8Array.from({ length: 3000 }, (_, index) => index % 7));
    write("b.bin", Uint8Array.from({ length: 3000 }, (_, index) => index % 251));
    await copyTo(workspace, "zarr/array_v2.zarr", "z.zarr");
    await lamin("add", ".");
    assert.equal(await lamin("diff"), "");
    assert.equal((await run(["diff", "--exit-code"])).code, 0);

    write("raw/a.csv", after);
    write("t.txt", "hello\nthere\nworld\n");
    write("new.txt", "new\n");
    write("z.zarr/labels/.zattrs", '{"a":1}\n');
    write(
      "b.bin",
      Uint8Array.from({ length: 3000 }, (_, index) => index === 2000 ? 0 : index % 251),
    );
    Deno.removeSync(`${root}/gone.txt`);
    Deno.renameSync(`${root}/old_name.bin`, `${root}/new_name.bin`);

    const changes = (await json("diff")).filter(({ kind }) => kind !== "summary");
    const kinds = changes.map(({ pair, kind }) =>
      `${pair.before ?? "-"} ${pair.after ?? "-"} ${kind}`
    );
    assert.deepEqual([...new Set(kinds)], [
      "b.bin@0000 b.bin bytes",
      "gone.txt@0000 - deleted",
      "- new.txt new",
      "old_name.bin@0000 new_name.bin renamed",
      "raw/a.csv@0000 raw/a.csv cell",
      "t.txt@0000 t.txt lines",
      "z.zarr@0000 z.zarr file_changed",
    ]);
    assert.equal(changes.find(({ kind }) => kind === "bytes").offset, 2000);
    assert.match(
      await lamin("diff", "t.txt"),
      /^--- t.txt@0000\n\+\+\+ t.txt\n@@ -1,2 \+1,3 @@\n hello\n\+there\n world\n$/,
    );
    assert.match(await lamin("diff", "gone.txt"), /^D gone.txt@0000/);
    assert.match(await lamin("diff", "z.zarr", "--deep"), /^labels\/.zattrs: \+\{"a":1\}$/m);
    assert.match(await lamin("diff", "--stat"), /^ raw\/a.csv +\| 3 rows ~3, 7 cells$/m);
    const limited = await json("diff", "raw", "--limit", "2");
    assert.deepEqual(limited.map(({ kind }) => kind), ["cell", "cell", "summary"]);
    assert.equal(limited.at(-1).hidden, 5);
    for (const words of [["diff"], ["diff", "--stat"], ["diff", "raw/a.csv", "--json"]]) {
      assert.equal((await run([...words, "--exit-code"])).code, 3, words.join(" "));
    }
    assert.equal((await run(["diff", "same.txt", "--exit-code"])).code, 0);
  });
});

Deno.test("diff: tables by key columns down to the cell, of csv and parquet alike", async () => {
  await withInstance(async (workspace) => {
    const { lamin, json, run, write } = workspace;
    write("a.csv", before);
    await copyTo(workspace, "tables/iris_zstd.parquet", "iris.parquet");
    await lamin("add", ".");
    write("a.csv", after);
    await copyTo(workspace, "tables/iris_snappy.parquet", "iris.parquet");
    const [cell, summary] = await json("diff", "a.csv", "--on", "id");
    assert.deepEqual(cell, {
      pair: { before: "a.csv@0000", after: "a.csv" },
      kind: "cell",
      row: { before: 1, after: 1 },
      key: { id: "1" },
      column: "age",
      before: "31",
      after: "32",
    });
    assert.equal(summary.kind, "summary");
    assert.equal((await json("diff", "a.csv", "--on", "id,name")).length, 2);
    const wrong = await run(["diff", "a.csv", "--on", "idd"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Did you mean id\?/);
    // The same table, written by another codec: no row differs, but a new version it would be.
    const [bytes, parquet] = await json("diff", "iris.parquet");
    assert.deepEqual([bytes.kind, bytes.same], ["bytes", true]);
    assert.deepEqual([parquet.format, parquet.same, parquet.identical], ["parquet", true, false]);
    assert.equal((await run(["diff", "iris.parquet", "--exit-code"])).code, 3);
    // A file without such columns does not keep the others from being compared.
    write("t.txt", "1\n");
    await lamin("add", "t.txt");
    write("t.txt", "2\n");
    assert.match(await lamin("diff", "a.csv", "t.txt", "--each", "--on", "id"), /^\+2$/m);
    assert.equal((await run(["diff", "t.txt", "--on", "id"])).code, 2);
  });
});

Deno.test("diff: references by version, uid, key and path", async () => {
  await withInstance(async ({ lamin, run, write, root }) => {
    write("d/a.txt", "1\n");
    write("d/b.txt", "2\n");
    await lamin("add", ".");
    write("d/a.txt", "one\n");
    const [{ uid }] = (await lamin("add", "d/a.txt", "--json")).trim().split("\n").map((line) =>
      JSON.parse(line)
    );
    write("d/a.txt", "uno\n");
    const diff = async (...words: string[]) => {
      const { stdout, code, stderr } = await run(["diff", ...words], { folder: "d" });
      assert.equal(code, 0, stderr);
      return stdout.split("\n").filter((line) => /^[-+]/.test(line));
    };
    const versions = ["--- d/a.txt@0000", "+++ d/a.txt@0001", "-1", "+one"];
    assert.deepEqual(await diff("a.txt@0", "a.txt@1"), versions);
    assert.deepEqual(await diff("d/a.txt@0000", "d/a.txt"), versions);
    assert.deepEqual(await diff(`${uid.slice(0, 16)}0000`, uid), versions);
    const work = ["--- d/a.txt@0000", "+++ d/a.txt", "-1", "+uno"];
    assert.deepEqual(await diff("a.txt@0"), work);
    assert.deepEqual(await diff("a.txt@0", "./a.txt"), work);
    assert.deepEqual(await diff("a.txt@0", `${root}/d/a.txt`), work);
    assert.deepEqual(await diff("a.txt"), ["--- d/a.txt@0001", "+++ d/a.txt", "-one", "+uno"]);
    const two = ["--- d/a.txt@0001", "+++ d/b.txt@0000", "-one", "+2"];
    assert.deepEqual(await diff("a.txt", "b.txt"), two);
    assert.deepEqual(
      await diff("a.txt", "b.txt", "--each"),
      ["--- d/a.txt@0001", "+++ d/a.txt", "-one", "+uno"],
    );
    assert.deepEqual(await diff("b.txt@0", "b.txt"), []);
    Deno.removeSync(`${root}/d/a.txt`);
    assert.deepEqual(await diff("a.txt@0"), versions, "without a file, the latest version");
    write("d/plain.txt", "2\n3\n");
    assert.deepEqual(
      await diff("b.txt", "plain.txt"),
      ["--- d/b.txt@0000", "+++ d/plain.txt", "+3"],
      "a file that was never added",
    );
    assert.equal((await run(["diff", "nothing", "d/b.txt"])).code, 1);
    assert.equal((await run(["diff", "d/b.txt@7"])).code, 1);
  });
});

Deno.test("diff: bytes that are damaged in the store are never shown as right", async () => {
  await withInstance(async (workspace) => {
    const { lamin, run, json, write } = workspace;
    write("a.txt", "right\n");
    write("b.txt", "b\n");
    await lamin("add", ".");
    write("a.txt", "right!\n");
    write("b.txt", "b!\n");
    const [{ _real_key: name }] = await json("list", "artifact", "key=a.txt");
    makeWritable(stored(workspace, name));
    Deno.writeTextFileSync(stored(workspace, name), "wrong\n");
    const one = await run(["diff", "a.txt"]);
    assert.deepEqual([one.code, one.stdout], [13, ""]);
    const all = await run(["diff"]);
    assert.equal(all.code, 13);
    assert.ok(!all.stdout.includes("wrong"));
    assert.match(all.stdout, /^\+b!$/m, "the others are shown");
    assert.match(all.stderr, /a\.txt.*(damaged|do not fit the server's checksum)/);
  });
});

Deno.test(
  "diff: content that is too large to be held is compared and checked all the same",
  async () => {
    await withInstance(async (workspace) => {
      const { lamin, run, json, write } = workspace;
      const bytes = Uint8Array.from({ length: 9 * 1024 * 1024 }, (_, index) => index % 253);
      write("big.bin", bytes);
      await lamin("add", ".");
      bytes[9_000_000] = 255;
      write("big.bin", bytes);
      await lamin("add", ".");
      const [change] = await json("diff", "big.bin@0", "big.bin@1");
      assert.deepEqual([change.kind, change.offset], ["bytes", 9_000_000]);
      // Damage behind the first difference is found before anything is shown, unless right bytes
      // are at hand.
      await lamin("cache", "clear", "--all");
      const [{ _real_key: name }] = await json("list", "artifact", "key=big.bin");
      makeWritable(stored(workspace, name));
      const object = Deno.openSync(stored(workspace, name), { write: true });
      object.seekSync(9_100_000, Deno.SeekMode.Start);
      object.writeSync(Uint8Array.of(255));
      object.close();
      const damaged = await run(["diff", "big.bin@0", "big.bin@1"]);
      assert.deepEqual([damaged.code, damaged.stdout], [13, ""]);
    });
  },
);

Deno.test("diff: a folder of Python that is not as recorded is damaged, not different", async () => {
  await withPythonInstance("lamindb-2.12.1", async ({ run, json, path, write }) => {
    const [row] = await json("list", "artifact", "key=imaging/run 1");
    const stored = path(`.lamindb/${row.uid.slice(0, 16)}`);
    write("imaging/run 1/meta.json", "new");
    await json("add", "--as", "folder", "imaging/run 1");
    const versions = ["imaging/run 1@0", "imaging/run 1@1"];
    assert.match((await run(["diff", ...versions])).stdout, /^M meta\.json/m);
    Deno.chmodSync(`${stored}/meta.json`, 0o644);
    Deno.writeTextFileSync(`${stored}/meta.json`, "new");
    const { code, stdout, stderr } = await run(["diff", ...versions]);
    assert.deepEqual([code, stdout], [13, ""]);
    assert.match(stderr, /are not those of this version/);
  });
});

Deno.test("diff: versions that Python wrote, and names that would command a terminal", async () => {
  await withPythonInstance("lamindb-2.12.1", async ({ json }) => {
    const all = await json("list", "artifact", "--all-versions", "--limit", "100");
    const old = all.find(({ is_latest, n_files, key }) => !is_latest && n_files === null && key);
    const changes = await json("diff", old.uid, old.uid.slice(0, 16));
    assert.equal(changes.at(-1).kind, "summary");
    assert.equal(changes.at(-1).same, false);
  });
  await withInstance(async ({ lamin, json, write }) => {
    write("a.csv", "x\n1\n");
    await lamin("add", ".");
    write("a.csv", "x\n\x1b[31mred\n");
    write("\x1b[2Jnew.txt", "1\n");
    const text = await lamin("diff");
    assert.ok(!text.includes("\x1b"), text);
    assert.match(text, /\\x1b\[31mred/);
    assert.match(text, /^A \\x1b\[2Jnew.txt/m);
    const [added] = await json("diff");
    assert.equal(added.pair.after, "\x1b[2Jnew.txt");
  });
});
