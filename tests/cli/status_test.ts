import assert from "node:assert/strict";
import { exitCode } from "../../cli/exit.ts";
import { forgetIndexed } from "../open_instance.ts";
import { type Atlas, withAtlas } from "./atlas.ts";
import { say } from "./in_process.ts";
import { test } from "../skip.ts";
import { onlyLocal } from "../test_database.ts";

/** A work tree with something of every kind. */
async function differing({ write, lamin, remove, root, path }: Atlas): Promise<void> {
  write("counts/plate1.csv", "gene,n\nCD8A,5\n");
  write("counts/plate2.csv", "gene,n\nCD4,7\n");
  write("counts/plate3.csv", "gene,n\nCD19,11\n");
  write("pbmc.zarr/.zattrs", "{}");
  write("run.log", "log\n");
  write("raw/a.fastq", "@r1\n");
  write("raw/b.fastq", "@r2\n");
  write("placed.bin", "bytes in place\n");
  write(".laminignore", "*.log\n.laminignore\n");
  await lamin("add", "counts", "pbmc.zarr", "raw");
  await lamin("add", "--no-copy", "placed.bin");
  await forgetIndexed(root, ["raw/a.fastq", "raw/b.fastq"]);
  remove("raw");
  remove("counts/plate2.csv");
  remove("placed.bin");
  write("counts/plate1.csv", "gene,n\nCD8A,6\n");
  Deno.renameSync(path("counts/plate3.csv"), path("counts/plate 4.csv"));
  write("pbmc.zarr/.zattrs", "[]");
  write("notes.md", "# Notes\n");
  write("fresh/deep/one.csv", "1\n");
  write("fresh/two.csv", "2\n");
  write("counts/new\u001b[31m.csv", "escape\n");
}

test("status: what people and programs read", onlyLocal, async (t) => {
  await withAtlas(async (atlas) => {
    const { lamin, run, runIn, json } = atlas;
    assert.equal(
      await lamin("status"),
      "On branch main\n\nNothing changed, 0 artifacts as recorded\n",
    );
    await differing(atlas);
    await t.assertSnapshot(await lamin("status"), { name: "groups" });
    await t.assertSnapshot(await lamin("status", "-v"), { name: "every path" });
    await t.assertSnapshot(await lamin("status", "-s", "--ignored"), { name: "short" });
    const inside = await runIn("counts", "status", "-s");
    await t.assertSnapshot(inside.stdout, { name: "short, from a folder" });
    const lines = await json("status");
    await t.assertSnapshot(lines.map((line) => ({ ...line, uid: line.uid && "uid" })), {
      name: "JSON",
    });
    assert.ok(lines.every(({ key, uid }) => (key === null) === (uid === null)));
    const template = await lamin("status", "--format", "{status}\\t{path}", "notes.md");
    assert.equal(template, "new\tnotes.md\n");

    assert.equal((await run("status")).code, exitCode.ok);
    const checked = await run("status", "--exit-code", "-q");
    assert.deepEqual(checked, { code: exitCode.different, stdout: "", stderr: "" });
    const notFetched = await run("status", "--exit-code", "raw");
    assert.equal(notFetched.code, exitCode.ok, "what is not fetched is no difference");
    assert.equal((await run("status", "/")).code, exitCode.usage);
    const elsewhere = { folder: atlas.home, home: atlas.home };
    const named = await say(elsewhere, "-C", atlas.root, "status", "-s");
    assert.match(named.stdout, /^ M counts\/plate1\.csv$/m, "keys, seen from elsewhere");
    assert.equal((await say(elsewhere, "status")).code, exitCode.noInstance);
  });
});
