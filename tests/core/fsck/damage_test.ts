import assert from "node:assert/strict";
import { filesBelow, onDay, sql, stored } from "../../days.ts";
import { withInstance, withPythonInstance, type Workspace } from "../../lamin.ts";
import { onS3 } from "../../test_database.ts";
import { flipBit, keepFile, kindsOf, makeWritable } from "./damage.ts";

/**
 * An instance with a file, a folder and, where that can be, a file in place; gives their storage
 * keys.
 */
async function withArtifacts(
  work: (
    workspace: Workspace,
    places: { file: string; folder: string; placed: readonly string[] },
  ) => Promise<void>,
): Promise<void> {
  await withInstance(async (workspace) => {
    workspace.write("file.csv", "some,bytes\n1,2\n");
    workspace.write("folder.zarr/0/0", "chunk");
    workspace.write("folder.zarr/0/1", "another chunk");
    workspace.write("placed.txt", "in place");
    const { json } = onDay(0, workspace);
    const added = await json("add", "file.csv", "folder.zarr");
    const [file, folder] = ["file.csv", "folder.zarr"].map((key) =>
      added.find((row) => row.key === key)._real_key
    );
    const placed = onS3 ? [] : ["placed.txt"];
    for (const name of placed) await json("add", name, "--no-copy");
    assert.deepEqual(await json("fsck", "--deep"), []);
    await work(workspace, { file, folder, placed });
  });
}

Deno.test("fsck: what is missing, of another size or damaged is told by its place", async () => {
  await withArtifacts(async (workspace, { file, folder, placed }) => {
    for (const name of [file, `${folder}/0/1`, ...placed]) {
      const path = stored(workspace, name);
      const { size } = Deno.statSync(path);
      const restore = keepFile(path);
      const deep = () => kindsOf(workspace, "--deep");
      makeWritable(path);
      flipBit(path, 3);
      assert.deepEqual(await kindsOf(workspace), [], "without --deep no byte is read");
      assert.deepEqual(await deep(), [`damaged ${name}`]);
      Deno.truncateSync(path, size - 1);
      assert.deepEqual(await kindsOf(workspace), [`wrong size ${name}`]);
      Deno.truncateSync(path, 0);
      assert.deepEqual(await deep(), [`wrong size ${name}`]);
      Deno.removeSync(path);
      assert.deepEqual(await deep(), [`missing ${name}`]);
      Deno.mkdirSync(path);
      assert.deepEqual(await kindsOf(workspace), [`missing ${name}`]);
      Deno.removeSync(path);
      restore();
      assert.deepEqual(await deep(), []);
    }
  });
});

Deno.test("fsck: folders that are gone, in part or with more in them", async () => {
  await withArtifacts(async (workspace, { folder }) => {
    const path = stored(workspace, folder);
    Deno.writeTextFileSync(`${path}/0/.DS_Store`, "debris");
    assert.deepEqual(await kindsOf(workspace), [`extra file ${folder}/0/.DS_Store`]);
    Deno.renameSync(`${path}/0/0`, `${path}/0/2`);
    Deno.removeSync(`${path}/0/.DS_Store`);
    assert.deepEqual(await kindsOf(workspace), [
      `extra file ${folder}/0/2`,
      `missing ${folder}/0/0`,
    ]);
    Deno.removeSync(path, { recursive: true });
    assert.deepEqual(await kindsOf(workspace, "--deep"), [`missing ${folder}`]);
    Deno.writeTextFileSync(path, "a file");
    assert.deepEqual(await kindsOf(workspace), [`missing ${folder}`]);
  });
});

Deno.test("fsck: several artifacts with the same bytes are all told of", async () => {
  await withInstance(async (workspace) => {
    for (const key of ["a.csv", "b.csv", "c.csv"]) workspace.write(key, "the same");
    const [{ _real_key }] = await onDay(0, workspace).json("add", ".");
    makeWritable(stored(workspace, _real_key));
    flipBit(stored(workspace, _real_key), 0);
    const { stdout, code } = await onDay(0, workspace).run("fsck", "--deep", "--json");
    assert.equal(code, 13);
    const findings = stdout.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(findings.map(({ key }) => key).sort(), ["a.csv", "b.csv", "c.csv"]);
    assert.equal(new Set(findings.map(({ name }) => name)).size, 1);
    for (const { uid, severity, repaired, detail } of findings) {
      assert.match(uid, /^\w{20}$/);
      assert.deepEqual([severity, repaired], ["damage", false]);
      assert.match(
        detail,
        /its SHA-256 is [0-9a-f]{64} instead of [0-9a-f]{64}|do not fit the server's checksum/,
      );
    }
  });
});

Deno.test("fsck: artifacts by name, and only those", async () => {
  await withInstance(async (workspace) => {
    const { json, run } = onDay(0, workspace);
    workspace.write("a/1.csv", "one");
    workspace.write("a/2.csv", "two");
    await json("add", ".");
    workspace.write("a/1.csv", "one more");
    const [{ uid }] = await json("add", "a/1.csv");
    for (const name of filesBelow(workspace, ".lamindb/objects")) {
      Deno.removeSync(stored(workspace, `.lamindb/objects/${name}`));
    }
    const found = async (...words: string[]) =>
      (await run("fsck", "--json", ...words)).stdout.trim().split("\n").length;
    assert.equal(await found("a/1.csv"), 2, "all versions");
    assert.equal(await found(uid), 1, "one version");
    assert.equal(await found("a/1.csv@0000"), 1);
    assert.equal(await found("a/"), 3, "a folder");
    assert.equal(await found("a/2.csv", "a/1.csv@0001"), 2);
    assert.equal((await run("fsck", "nothing.csv")).code, 1);
  });
});

Deno.test("fsck: looking changes nothing", async () => {
  await withArtifacts(async (workspace, { file }) => {
    Deno.removeSync(stored(workspace, file));
    sql(workspace, "UPDATE lamindb_artifact SET is_latest = FALSE");
    const state = () => [
      filesBelow(workspace, ".").filter((name) => !/-(wal|shm)$/.test(name)),
      filesBelow(workspace, ".lamindb/objects"),
      sql(workspace, "SELECT count(*) AS n FROM lamin_operation"),
      sql(workspace, "SELECT * FROM lamindb_artifact"),
    ];
    const before = state();
    assert.equal((await onDay(0, workspace).run("fsck", "--deep")).code, 13);
    assert.deepEqual(state(), before);
  });
});

Deno.test("fsck: instances of Python are clean, and damage of theirs is found", async () => {
  await withPythonInstance("lamindb-2.12.1", async (workspace) => {
    const before = Deno.readFileSync(workspace.path(".lamindb/lamin.db"));
    assert.deepEqual(await kindsOf(workspace), []);
    assert.deepEqual(await kindsOf(workspace, "--deep"), []);
    assert.deepEqual(Deno.readFileSync(workspace.path(".lamindb/lamin.db")), before);
    flipBit(workspace.path(".lamindb/u8cf8UnziqwaZjCm0001.txt"), 1);
    flipBit(workspace.path(".lamindb/fbNkjES6RtK9GNnc.zarr/X/data/0"), 1);
    Deno.removeSync(workspace.path(".lamindb/aN7WSl6063Uggbk1"), { recursive: true });
    Deno.truncateSync(workspace.path("in place/table.csv"), 4);
    const lost = ["missing .lamindb/aN7WSl6063Uggbk1", "wrong size in place/table.csv"];
    assert.deepEqual(await kindsOf(workspace), lost);
    assert.deepEqual(await kindsOf(workspace, "--deep"), [
      "damaged .lamindb/fbNkjES6RtK9GNnc.zarr",
      "damaged .lamindb/u8cf8UnziqwaZjCm0001.txt",
      ...lost,
    ]);
  });
  await withPythonInstance("lamindb-1.1.0", async (workspace) => {
    assert.deepEqual(await kindsOf(workspace, "--deep"), []);
    assert.equal((await onDay(0, workspace).run("fsck", "--repair")).code, 14);
  });
});

Deno.test("fsck: an older version of a folder that Python wrote over is no damage", async () => {
  await withPythonInstance("lamindb-2.12.1", async (workspace) => {
    const [row] = sql(workspace, "SELECT * FROM lamindb_artifact WHERE key = 'imaging/run 1'");
    const { id, ...older } = row as Record<string, string | number | null>;
    sql(
      workspace,
      "UPDATE lamindb_artifact SET uid = ? WHERE id = ?",
      String(older["uid"]).replace(/0000$/, "0001"),
      id!,
    );
    older["hash"] = "0123456789012345678901";
    older["is_latest"] = 0;
    const names = Object.keys(older).map((name) => `"${name}"`);
    sql(
      workspace,
      `INSERT INTO lamindb_artifact (${names}) VALUES (${names.map(() => "?")})`,
      ...Object.values(older),
    );
    const { stdout, code } = await onDay(0, workspace).run("fsck", "--deep");
    assert.equal(code, 0, stdout);
    assert.match(stdout, /overwritten imaging\/run 1 \w{16}0000: Python stores only the latest/);
  });
});
