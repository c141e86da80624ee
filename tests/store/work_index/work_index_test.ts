import assert from "node:assert/strict";
import { denoHost } from "../../../store/host/deno.ts";
import type { IndexedFile } from "../../../store/work_index/indexed_file.ts";
import { verdictBit } from "../../../store/work_index/packed_folder.ts";
import { WorkIndex } from "../../../store/work_index/work_index.ts";
import { changeDatabase } from "../../open_instance.ts";

const host = denoHost();

function entry(path: string, content = "a"): IndexedFile {
  return {
    path,
    size: 2 ** 32 + 1,
    modifiedMs: 1_700_000_000_123,
    changedMs: 1_700_000_000_456,
    inode: 2 ** 52 + 1,
    indexedMs: 1_700_000_000_999,
    sha256: content.repeat(64),
    hash: "abcdefghijklmnopqrst-_",
    hashType: content === "b" ? "sha1-fl" : "md5",
  };
}

async function withIndex(work: (index: WorkIndex, path: string) => Promise<void>) {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  const path = `${folder}/.lamindb/work_index.db`;
  const index = new WorkIndex(host, path);
  try {
    await work(index, path);
  } finally {
    await index.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("work index: entries come back as they were, whatever their names", async () => {
  await withIndex(async (index) => {
    const paths = ["a.csv", "ä/ö 🧬.txt", "deep/er/b", "deep/er/c", "z\n\u0001"];
    const files = paths.map((path, at) => entry(path, at % 2 === 0 ? "a" : "b"));
    await index.update({ files });
    const all = await index.load();
    const byPath = (a: IndexedFile, b: IndexedFile) => a.path < b.path ? -1 : 1;
    assert.deepEqual([...all.values()].sort(byPath), files.sort(byPath));
    assert.deepEqual([...all.keys()].sort(), paths.sort());
    const some = await index.load(["deep/er"]);
    assert.deepEqual([...some.keys()], ["deep/er/b", "deep/er/c"]);
    assert.deepEqual([all.isWhole, some.isWhole], [true, false]);
    await index.update({ forget: ["deep/er/b", "deep/er/c", "a.csv"], files: [entry("a.csv")] });
    assert.deepEqual([...(await index.load()).keys()].sort(), ["a.csv", "z\n\u0001", "ä/ö 🧬.txt"]);
  });
});

const mark = { stamp: "one", branch: 1, others: [7], stored: {} };

Deno.test("work index: verdicts hold on top of the mark that they were found on", async () => {
  await withIndex(async (index) => {
    const verdicts = new Map([["a", { artifactId: 3, bits: verdictBit.clean }]]);
    const files = [entry("a"), entry("b")];
    await index.update({ files, settled: { onTopOf: undefined, mark, verdicts } });
    const verdict = async (path: string) => {
      const folder = (await index.load()).folders.get("")!;
      return folder.verdict(folder.position(path));
    };
    assert.deepEqual(await verdict("a"), { artifactId: 3, bits: verdictBit.clean });
    // Other content: which artifact it is stays, that it has the content does not.
    await index.update({ files: [entry("a", "b")] });
    assert.deepEqual(await verdict("a"), { artifactId: 3, bits: 0 });
    const late = new Map([["b", { artifactId: 4, bits: verdictBit.clean }]]);
    const next = { ...mark, stamp: "two" };
    await index.update({ settled: { onTopOf: "none", mark: next, verdicts: late } });
    assert.equal((await index.load()).mark?.stamp, "one", "another mark stands");
    assert.deepEqual(await verdict("b"), { artifactId: 0, bits: 0 });
    await index.update({ settled: { onTopOf: "one", mark: next, verdicts: late } });
    assert.deepEqual((await index.load()).mark, next);
    assert.deepEqual(await verdict("b"), { artifactId: 4, bits: verdictBit.clean });
    // All anew: what was found before counts no more.
    await index.update({ settled: { onTopOf: undefined, mark, verdicts: new Map() } });
    assert.deepEqual(await verdict("a"), { artifactId: 0, bits: 0 });
  });
});

Deno.test("work index: an artifact whose file is forgotten is not", async () => {
  await withIndex(async (index) => {
    const verdicts = new Map([
      ["x/a", { artifactId: 3, bits: 1 }],
      ["x/gone", { artifactId: 4, bits: 1 }],
    ]);
    const settled = { onTopOf: undefined, mark, verdicts };
    await index.update({ files: [entry("x/a")], settled });
    assert.deepEqual((await index.load()).mark?.others, [7, 4], "there was no entry for it");
    await index.update({ forget: ["x/a"] });
    assert.deepEqual((await index.load()).mark?.others, [7, 4, 3]);
  });
});

Deno.test("work index: what is not its own work counts as nothing", async () => {
  await withIndex(async (index, path) => {
    await index.update({ files: [entry("a"), entry("sub/b")] });
    await index.close();
    changeDatabase(path, "UPDATE folder SET records = x'00' WHERE path = ''");
    assert.deepEqual([...(await index.load()).keys()], ["sub/b"], "a row that is cut short");
    await index.update({ files: [entry("a")] });
    assert.deepEqual([...(await index.load()).keys()].sort(), ["a", "sub/b"]);
    for (
      const break_ of [
        "UPDATE mark SET others = 'no JSON'; DELETE FROM folder",
        "DROP TABLE folder",
        "ALTER TABLE mark DROP COLUMN stored",
        "DROP TABLE mark; CREATE TABLE file (path TEXT)",
      ]
    ) {
      await index.update({ settled: { onTopOf: undefined, mark, verdicts: new Map() } });
      await index.close();
      changeDatabase(path, break_);
      await index.load();
      await index.update({ files: [entry("again")] });
      assert.ok((await index.load()).has("again"), break_);
    }
  });
});

Deno.test("work index: whatever bit of it is wrong, nothing wrong is believed", async () => {
  await withIndex(async (index, path) => {
    const files = [entry("x/a"), entry("x/b", "b")];
    const verdicts = new Map([["x/a", { artifactId: 3, bits: verdictBit.clean }]]);
    const settled = { onTopOf: undefined, mark, verdicts };
    const breaks: [string, string[]][] = [
      ["UPDATE folder SET path = 'y'", []],
      ["UPDATE folder SET names = 'a/c'", []],
      ["UPDATE folder SET checksum = checksum + 1", []],
      ["UPDATE folder SET records = zeroblob(length(records))", []],
      ["DELETE FROM folder", []],
      ["UPDATE mark SET others = '[7'", ["x/a", "x/b"]],
      ["UPDATE mark SET others = '[8]'", ["x/a", "x/b"]],
      ['UPDATE mark SET stored = \'{"a":"b"}\'', ["x/a", "x/b"]],
      ["UPDATE mark SET branch = 2", ["x/a", "x/b"]],
    ];
    for (const [break_, kept] of breaks) {
      await index.update({ files, forget: ["x/c"], settled });
      assert.deepEqual((await index.load()).mark, mark);
      await index.close();
      changeDatabase(path, break_);
      const after = await index.load();
      assert.deepEqual([after.mark, [...after.keys()]], [undefined, kept], break_);
      await index.update({ files: [entry("x/c")] });
      assert.equal((await index.load()).mark, undefined, `${break_}, then an update`);
    }
  });
});
