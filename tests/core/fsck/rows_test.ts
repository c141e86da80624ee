import assert from "node:assert/strict";
import { onDay, sql, stored } from "../../days.ts";
import { withInstance, withPythonInstance, type Workspace } from "../../lamin.ts";
import { test } from "../../skip.ts";
import { onlySqlite, ownPlaces, ownStorage } from "../../test_database.ts";
import { findingsOf, kindsOf } from "./damage.ts";

/** An instance with two versions of a file, and a folder. */
async function withVersions(work: (workspace: Workspace) => Promise<void>): Promise<void> {
  await withInstance(async (workspace) => {
    const { json } = onDay(0, workspace);
    workspace.write("a.csv", "one");
    workspace.write("f.zarr/0/0", "chunk");
    workspace.write("f.zarr/0/1", "chunk two");
    await json("add", ".");
    workspace.write("a.csv", "two");
    await json("add", "a.csv");
    assert.deepEqual(await kindsOf(workspace, "--deep"), []);
    await work(workspace);
  });
}

/** That these findings are there, are mended by a repair, and that nothing is left then. */
async function mends(workspace: Workspace, kinds: readonly string[], ...words: string[]) {
  const found = await findingsOf(workspace, ...words);
  assert.deepEqual(found.map(({ kind, severity }) => `${severity}: ${kind}`).sort(), kinds);
  const repaired = await findingsOf(workspace, "--repair", ...words);
  assert.ok(repaired.every((finding) => finding.repaired), JSON.stringify(repaired));
  assert.deepEqual(await findingsOf(workspace, "--deep"), []);
}

Deno.test("fsck: families with several latest versions, or none", async () => {
  await withVersions(async (workspace) => {
    sql(workspace, "UPDATE lamindb_artifact SET is_latest = TRUE");
    await mends(workspace, ["damage: heads"]);
    const heads = () =>
      sql(workspace, "SELECT uid FROM lamindb_artifact WHERE key = 'a.csv' AND is_latest");
    assert.deepEqual(heads().map(({ uid }) => String(uid).slice(-4)), ["0001"]);
    sql(workspace, "UPDATE lamindb_artifact SET is_latest = FALSE");
    await mends(workspace, ["damage: heads", "damage: heads"]);
    assert.deepEqual(heads().map(({ uid }) => String(uid).slice(-4)), ["0001"]);
    sql(
      workspace,
      "UPDATE lamindb_artifact SET branch_id = -1, is_latest = TRUE WHERE key = 'a.csv'",
    );
    assert.deepEqual(await kindsOf(workspace), [], "the trash is no branch");
  });
  await withPythonInstance("lamindb-2.12.1", async (workspace) => {
    sql(workspace, "UPDATE lamindb_transform SET is_latest = TRUE");
    const findings = await findingsOf(workspace, "--repair");
    assert.ok(findings.length > 0);
    assert.ok(findings.every(({ kind, repaired }) => kind === "heads" && repaired));
    assert.deepEqual(await kindsOf(workspace), []);
  });
});

test("fsck: notes about what Python deleted", ownStorage, async () => {
  await withVersions(async (workspace) => {
    sql(workspace, "DELETE FROM lamindb_artifact WHERE key = 'f.zarr'");
    const before = await findingsOf(workspace);
    assert.deepEqual(before.map(({ kind, severity }) => `${severity}: ${kind}`).sort(), [
      "note: left row",
      "note: unreferenced",
    ]);
    await findingsOf(workspace, "--repair");
    assert.deepEqual((await findingsOf(workspace)).map(({ kind }) => kind), ["unreferenced"]);
    Deno.removeSync(stored(workspace, before.find(({ kind }) => kind === "unreferenced").name), {
      recursive: true,
    });
    await mends(workspace, ["note: left row", "note: left row"]);
    assert.equal(sql(workspace, "SELECT * FROM lamin_manifestfile").length, 0);
  });
});

test("fsck: notes that are lost are made anew from the objects", ownStorage, async () => {
  await withVersions(async (workspace) => {
    const rows = () =>
      ["lamin_content", "lamin_manifestfile", "lamin_object"].map((table) =>
        sql(workspace, `SELECT * FROM ${table}`)
          .map(({ id: _, created_at: __, ...row }) => JSON.stringify(row)).sort()
      );
    const before = rows();
    for (const table of ["lamin_content", "lamin_manifestfile", "lamin_object"]) {
      sql(workspace, `DELETE FROM ${table}`);
    }
    await mends(workspace, Array(6).fill("note: unrecorded"));
    assert.deepEqual(rows(), before);
    sql(workspace, "DELETE FROM lamin_manifestfile WHERE path = '0/1'");
    await mends(workspace, ["damage: record"]);
    assert.deepEqual(rows(), before);
    sql(workspace, "UPDATE lamin_manifestfile SET sha256 = ?", "ab".repeat(32));
    const wrong = await findingsOf(workspace, "--deep");
    assert.deepEqual(wrong.map(({ kind }) => kind), ["record"]);
    await findingsOf(workspace, "--repair");
    assert.deepEqual(rows(), before);
  });
});

test("fsck: notes that say something else than the object", ownStorage, async () => {
  await withVersions(async (workspace) => {
    const other = "cd".repeat(32);
    sql(workspace, "UPDATE lamin_content SET sha256 = ? WHERE NOT is_folder", other);
    await mends(workspace, ["damage: record", "damage: record"]);
    sql(workspace, "UPDATE lamin_content SET sha256 = ? WHERE is_folder", other);
    await mends(workspace, ["damage: record"]);
    sql(workspace, "UPDATE lamin_object SET sha256 = ? WHERE NOT is_folder", other);
    await mends(workspace, ["damage: record", "damage: record"]);
    sql(workspace, "UPDATE lamindb_artifact SET n_files = 3 WHERE key = 'f.zarr'");
    const [finding] = await findingsOf(workspace);
    assert.match(finding.detail, /the list of its files has 2 of 14 bytes, its row 3 of 14/);
  });
});

Deno.test("fsck: rows that no repair can mend", async () => {
  await withVersions(async (workspace) => {
    const change = async (statement: string, ...expected: string[]) => {
      sql(workspace, statement);
      const found = await findingsOf(workspace, "--repair");
      assert.deepEqual(found.map(({ kind, severity }) => `${severity}: ${kind}`).sort(), expected);
      assert.ok(found.every(({ repaired }) => !repaired));
    };
    await change("UPDATE lamindb_artifact SET uid = 'short' WHERE key = 'f.zarr'", "damage: uid");
    await change(
      "UPDATE lamindb_artifact SET uid = 'aaaaaaaaaaaaaaaa0000', key = '../x/\u001b' " +
        "WHERE key = 'f.zarr'",
      "note: key",
    );
    const { stdout } = await onDay(0, workspace).run("fsck");
    assert.match(stdout, /\.\.\/x\/\\x1b/, "shown without commanding the terminal");
    await change("UPDATE lamindb_artifact SET key = 'CON.txt' WHERE uid LIKE 'aaaa%'", "note: key");
    await change(
      "UPDATE lamindb_artifact SET storage_id = 99, key = NULL WHERE uid LIKE 'aaaa%'",
      "damage: database",
      "damage: storage",
    );
  });
});

Deno.test("fsck: an upload that Python did not end", async () => {
  await withPythonInstance("lamindb-2.12.1", async (workspace) => {
    const upload = (aux: string) =>
      sql(workspace, "UPDATE lamindb_artifact SET _aux = ? WHERE key = 'raw/counts.csv'", aux);
    upload('{"so": 1}');
    await mends(workspace, ["damage: unfinished upload", "damage: unfinished upload"]);
    const aux = () =>
      sql(workspace, "SELECT DISTINCT _aux FROM lamindb_artifact WHERE key = 'raw/counts.csv'")
        .map((row) => row["_aux"]);
    assert.deepEqual(aux(), [null]);
    upload('{"so": 1, "x": 1.0}');
    await mends(workspace, ["damage: unfinished upload", "damage: unfinished upload"]);
    assert.deepEqual(aux(), ['{"x": 1.0}']);
    upload('{"so": 1}');
    Deno.truncateSync(workspace.path(".lamindb/IYEmV6wjzV68CSds0000.csv"), 5);
    const left = (await findingsOf(workspace, "--repair")).filter(({ repaired }) => !repaired);
    assert.deepEqual(left.map(({ kind }) => kind).sort(), ["unfinished upload", "wrong size"]);
  });
});

Deno.test("fsck: an upload of Python's that may be under way is no damage for a day", async () => {
  await withPythonInstance("lamindb-2.12.1", async (workspace) => {
    sql(
      workspace,
      `UPDATE lamindb_artifact SET _aux = '{"so": 1}', updated_at = ? WHERE key = 'raw/counts.csv'`,
      new Date().toISOString().replace("T", " ").replace("Z", "000"),
    );
    Deno.removeSync(workspace.path(".lamindb/IYEmV6wjzV68CSds0001.csv"));
    const kinds = async (day: number) => {
      const { stdout, code } = await onDay(day, workspace).run("fsck", "--json");
      const findings = stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
      return [code, ...findings.map(({ severity, kind }) => `${severity}: ${kind}`).sort()];
    };
    const unfinished = (severity: string) => Array(2).fill(`${severity}: unfinished upload`);
    assert.deepEqual(await kinds(0), [0, "note: missing", ...unfinished("note")]);
    const repaired = await findingsOf(workspace, "--repair");
    assert.ok(repaired.every(({ kind, repaired }) => kind !== "missing" || !repaired));
    assert.deepEqual(await kinds(2), [13, "damage: missing", "damage: unfinished upload"]);
  });
});

Deno.test("fsck: bytes that Python replaced since they were noted", async () => {
  await withPythonInstance("lamindb-2.12.1", async (workspace) => {
    await onDay(0, workspace).run("fsck", "--deep", "--repair");
    workspace.write(".lamindb/IYEmV6wjzV68CSds0001.csv", "new");
    sql(
      workspace,
      // The MD5 of "new", as LaminDB writes it.
      "UPDATE lamindb_artifact SET hash = 'Iq9kXRhZy1ym2gxITx836g', size = 3 WHERE uid = ?",
      "IYEmV6wjzV68CSds0001",
    );
    const found = await findingsOf(workspace, "--deep");
    assert.deepEqual(found.map(({ kind, detail }) => [kind, detail]), [
      ["unrecorded", "Python replaced its bytes since they were hashed here"],
    ]);
    await mends(workspace, ["note: unrecorded"], "--deep");
  });
});

test("fsck: a damaged database is told of", onlySqlite, async () => {
  await withVersions(async (workspace) => {
    await onDay(0, workspace).json("list", "artifact");
    const path = workspace.path(".lamindb/lamin.db");
    sql(workspace, "PRAGMA wal_checkpoint(TRUNCATE)");
    sql(workspace, "PRAGMA writable_schema = ON");
    const [{ rootpage }] = sql(
      workspace,
      "SELECT rootpage FROM sqlite_master WHERE name LIKE 'lamindb_artifact_key%' LIMIT 1",
    ) as [{ rootpage: number }];
    const [{ page_size }] = sql(workspace, "PRAGMA page_size") as [{ page_size: number }];
    const file = Deno.openSync(path, { write: true });
    file.seekSync((rootpage - 1) * page_size + page_size - 64, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(64).fill(0x5a));
    file.close();
    const { code, stdout } = await onDay(0, workspace).run("fsck");
    assert.equal(code, 13);
    assert.match(stdout, /database/);
  });
});

test(
  "fsck --repair: the list of a folder in another storage stays until it is collected there",
  ownPlaces,
  async () => {
    await withInstance(async (workspace) => {
      const { json } = onDay(0, workspace);
      Deno.mkdirSync(workspace.path("../second"));
      await json("storage", "add", workspace.path("../second"));
      await json("storage", "switch", workspace.path("../second"));
      workspace.write("f.zarr/0/0", "chunk");
      await json("add", "f.zarr");
      await json("rm", "--permanent", "--force", "f.zarr");
      assert.deepEqual(await findingsOf(workspace, "--repair"), []);
      await json("undo");
      assert.equal(
        (await onDay(0, workspace).run("cat", "f.zarr", "--path", "0/0")).stdout,
        "chunk",
      );
      assert.deepEqual(await kindsOf(workspace, "--deep"), []);
    });
  },
);
