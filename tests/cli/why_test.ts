import assert from "node:assert/strict";
import { withPythonInstance } from "../lamin.ts";
import { changeDatabase } from "../open_instance.ts";
import { test } from "../skip.ts";
import { onlySqlite, storageOf } from "../test_database.ts";
import { withAtlas } from "./atlas.ts";
import { type Place, say } from "./in_process.ts";

async function inDemo(
  work: (place: Place, lamin: (...words: string[]) => Promise<string>) => Promise<void>,
  sql = "",
): Promise<void> {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
    if (sql !== "") changeDatabase(`${root}/.lamindb/lamin.db`, sql);
    const place = { folder: root, home };
    const lamin = async (...words: string[]) => {
      const { code, stdout, stderr } = await say(place, ...words);
      assert.equal(code, 0, stderr);
      return stdout;
    };
    await work(place, lamin);
  });
}

Deno.test("why: a copy under another name, outside of the work tree", async (t) => {
  await inDemo(async ({ folder }, lamin) => {
    await lamin("get", "results/top genes.parquet");
    Deno.copyFileSync(`${folder}/results/top genes.parquet`, `${folder}/../copy.parquet`);
    await t.assertSnapshot(await lamin("why", "../copy.parquet"));
    Deno.mkdirSync(`${folder}/raw`);
    Deno.writeTextFileSync(`${folder}/raw/counts.csv`, "gene\n");
    await lamin("add", "raw/counts.csv");
    const told = await lamin("why", "../copy.parquet");
    assert.match(told, /raw\/counts.csv, version 0001: version 0002 is current since 20/);
    assert.match(told, /processed\/cpm.parquet, version 0000\n/);
  });
});

Deno.test("why: a command that lamin ran is told as it was typed", async () => {
  const command = JSON.stringify({
    lamin: { command: ["python", "analyze all.py", "--top", "2"], folder: "." },
  }).replaceAll("'", "''");
  await inDemo(async (_, lamin) => {
    const told = await lamin("why", "results/summary.json");
    assert.match(told, / with `python 'analyze all.py' --top 2`, run vA6VzOsnDatPNf62/);
    const [value] = (await lamin("why", "results/summary.json", "--json")).trim().split("\n");
    const why = JSON.parse(value!);
    assert.equal(why.artifact.key, "results/summary.json");
    const [last, first] = why.made_by;
    assert.deepEqual(last.command, ["python", "analyze all.py", "--top", "2"]);
    assert.deepEqual([last.made_again, first.made_again], [true, false]);
    assert.deepEqual([last.created_by, last.status], ["anonymous", "completed"]);
    assert.deepEqual(last.params, { top: 2 });
    assert.deepEqual(
      last.inputs.map(({ key, uid, current_uid }: Record<string, string>) => [
        key,
        uid === current_uid,
      ]),
      [["processed/cpm.parquet", true], ["raw/counts.csv", true]],
    );
    assert.equal(last.environment, "yPL6fOHGOCIFYm5W0000");
    assert.equal(last.transform.key, "analyze.py");
  }, `UPDATE lamindb_run SET extra_data = '${command}' WHERE uid = 'vA6VzOsnDatPNf62'`);
});

Deno.test("why: an older version is named as such", async () => {
  await inDemo(async (_, lamin) => {
    const older = await lamin("why", "raw/counts.csv@0");
    assert.match(older, /It is not current: version 0001 took its place/);
    assert.match(older, /run nHgCL3mlxclP8flR/);
  });
});

Deno.test("why: folders by content and names, and files in them", async () => {
  await inDemo(async (place, lamin) => {
    await lamin("get", "pbmc/pbmc_v2.zarr");
    const copy = `${place.folder}/../copied.zarr`;
    await new Deno.Command("cp", { args: ["-r", `${place.folder}/pbmc/pbmc_v2.zarr`, copy] })
      .output();
    assert.match(await lamin("why", copy), /is pbmc\/pbmc_v2.zarr, version 0000/);
    Deno.renameSync(`${copy}/.zgroup`, `${copy}/.zgrouq`);
    const other = await say(place, "why", copy);
    assert.equal(other.code, 1, "LaminDB's hash knows no names, but this is another folder");
    assert.match(other.stderr, /no artifact has the content of /);
  });
  await withAtlas(async (atlas) => {
    atlas.write("set.zarr/.zattrs", "{}\n");
    atlas.write("set.zarr/x/0", "chunk");
    await atlas.lamin("add", "set.zarr");
    atlas.write("other/copy", "chunk");
    assert.match(
      await atlas.lamin("why", "other/copy"),
      /^other\/copy is x\/0 in the folder set.zarr, version 0000/,
    );
    const [found] = await atlas.json("why", "set.zarr");
    assert.deepEqual([found.artifact.key, found.artifact.member], ["set.zarr", null]);
    assert.deepEqual(found.recorded_by.command, ["add", "set.zarr"]);
  });
});

Deno.test("why: of several artifacts with the content that of the path, then of the name", async () => {
  await withAtlas(async (atlas) => {
    for (const path of ["a/one.csv", "b/two.csv", "c/two.csv"]) atlas.write(path, "x\n");
    await atlas.lamin("add", ".");
    atlas.write("away/two.csv", "x\n");
    const found = async (path: string) => (await atlas.json("why", path))[0];
    assert.equal((await found("a/one.csv")).artifact.key, "a/one.csv");
    assert.equal((await found("away/two.csv")).artifact.key, "c/two.csv");
    const other = await found("b/two.csv");
    assert.deepEqual(
      other.same_content.map(({ key }: { key: string }) => key).sort(),
      ["a/one.csv", "c/two.csv"],
    );
    assert.match(await atlas.lamin("why", "a/one.csv"), /The same content is in [bc]\/two.csv/);
  });
});

Deno.test("why: standard input", async () => {
  await withAtlas(async (atlas) => {
    atlas.write("a.csv", "x\n");
    await atlas.lamin("add", "a.csv");
    const place = { folder: atlas.root, home: atlas.home };
    const known = await say({ ...place, input: "x\n" }, "why", "-");
    assert.match(known.stdout, /^The content is a.csv, version 0000/);
    const unknown = await say({ ...place, input: "y\n" }, "why", "-");
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /no artifact has the content of what was piped in/);
  });
});

Deno.test("why: of unknown content it is said what is nearest", async () => {
  await withAtlas(async (atlas) => {
    atlas.write("data/a.csv", "x\n");
    await atlas.lamin("add", ".");
    atlas.write("data/a.csv", "changed\n");
    const changed = await atlas.run("why", "data/a.csv", "--json");
    assert.deepEqual([changed.code, changed.stdout], [1, ""]);
    const error = JSON.parse(changed.stderr);
    assert.equal(error.error, "not_found");
    assert.match(error.hint, /data\/a.csv is recorded with other content.*lamin diff data\/a.csv/);
    assert.match(error.sha256, /^[0-9a-f]{64}$/);
    assert.deepEqual(error.nearest.map(({ key }: { key: string }) => key), ["data/a.csv"]);
    atlas.write("elsewhere/a.csv", "other\n");
    const named = await atlas.run("why", "elsewhere/a.csv");
    assert.match(named.stderr, /of the same name is 'data\/a.csv', with other content/);
    atlas.write("new.txt", "new\n");
    assert.match((await atlas.run("why", "new.txt")).stderr, /'lamin add' records it/);
    const folder = await atlas.run("why", "data");
    assert.equal(folder.code, 1);
    assert.match(folder.stderr, /name a file in it/);
    assert.match((await atlas.run("why", "nothing.csv")).stderr, /there is no artifact/);
  });
});

test(
  "why: what only Python wrote of large files is read, since its hash leaves bytes out",
  onlySqlite,
  async () => {
    await withAtlas(async (atlas) => {
      const bytes = new Uint8Array(101 * 1024 * 1024);
      Deno.writeFileSync(atlas.path("large.bin"), bytes);
      await atlas.lamin("add", "large.bin");
      changeDatabase(atlas.path(".lamindb/lamin.db"), "DELETE FROM lamin_content");
      assert.match(await atlas.lamin("why", "large.bin"), /^large.bin is large.bin/);
      // In the middle, which LaminDB's hash does not see.
      bytes[50 * 1024 * 1024 + 512 * 1024] = 1;
      Deno.writeFileSync(atlas.path("other.bin"), bytes);
      assert.equal((await atlas.run("why", "other.bin")).code, 1);
      // Where the stored bytes are gone it cannot be told.
      await atlas.lamin("cache", "clear", "--all");
      Deno.removeSync(`${storageOf(atlas.root)}/.lamindb/objects`, { recursive: true });
      assert.match(
        await atlas.lamin("why", "other.bin"),
        /told by LaminDB's hash of its ends alone/,
      );
    });
  },
);
