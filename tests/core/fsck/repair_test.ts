import assert from "node:assert/strict";
import { filesBelow, onDay, sql, stored } from "../../days.ts";
import { withInstance, withPythonInstance, type Workspace } from "../../lamin.ts";
import { test } from "../../skip.ts";
import { onlyLocal, onS3 } from "../../test_database.ts";
import { findingsOf, flipBit, kindsOf, makeWritable } from "./damage.ts";

const text = "some,precious,bytes\n1,2,3\n";

/** The storage key of an artifact with these bytes in the store and nowhere else. */
async function onlyObject(workspace: Workspace, key = "a.csv"): Promise<string> {
  workspace.write(key, text);
  const [{ _real_key }] = await onDay(0, workspace).json("add", key);
  Deno.removeSync(workspace.path(key));
  return _real_key;
}

/** Damages an object in each way, repairs it and looks that it is right again. */
async function repairs(workspace: Workspace, name: string, expected: string): Promise<void> {
  const path = stored(workspace, name);
  const ways: Record<string, () => void> = {
    "damaged": () => flipBit(path, 5),
    "wrong size": () => {
      makeWritable(path);
      Deno.truncateSync(path, 3);
    },
    "missing": () => Deno.removeSync(path),
  };
  for (const [kind, damage] of Object.entries(ways)) {
    damage();
    assert.deepEqual(await kindsOf(workspace, "--deep"), [`${kind} ${name}`]);
    const [finding] = await findingsOf(workspace, "--deep", "--repair");
    assert.deepEqual([finding.kind, finding.repaired], [kind, true]);
    assert.equal(Deno.readTextFileSync(path), expected);
    if (!onS3) assert.equal(Deno.statSync(path).mode! & 0o222, 0, "read-only again");
    assert.deepEqual(await kindsOf(workspace, "--deep"), []);
    const [operation] = await onDay(0, workspace).json("op", "log", "-n", "1");
    assert.deepEqual([operation.verb, operation.summary], ["fsck", "repaired 1 of 1 findings"]);
  }
  const aside = filesBelow(workspace, ".lamindb/objects/damaged");
  const kept = aside.map((one) =>
    Deno.statSync(stored(workspace, `.lamindb/objects/damaged/${one}`))
  );
  const sizes = kept.map(({ size }) => size).toSorted((a, b) => a - b);
  assert.deepEqual(sizes, [3, expected.length].toSorted((a, b) => a - b), "nothing is deleted");
  Deno.removeSync(stored(workspace, ".lamindb/objects/damaged"), { recursive: true });
}

Deno.test(
  "fsck --repair: from an object with another suffix, and the other way round",
  async () => {
    await withInstance(async (workspace) => {
      await repairs(workspace, await onlyObject(workspace), text).then(
        () => assert.fail("there was no other copy"),
        (error) => assert.ok(error instanceof assert.AssertionError),
      );
      workspace.write("a.csv", text);
      workspace.write("b.txt", text);
      assert.equal((await onDay(0, workspace).run("fsck", "--deep", "--repair")).code, 0);
      const [{ _real_key }] = await onDay(0, workspace).json("add", "b.txt");
      for (const key of ["a.csv", "b.txt"]) Deno.removeSync(workspace.path(key));
      Deno.removeSync(stored(workspace, ".lamindb/objects/damaged"), { recursive: true });
      await repairs(workspace, _real_key, text);
      await repairs(workspace, _real_key.replace(".txt", ".csv"), text);
    });
  },
);

Deno.test(
  "fsck --repair: from a file of a folder, and a file of a folder from elsewhere",
  async () => {
    await withInstance(async (workspace) => {
      const name = await onlyObject(workspace);
      workspace.write("f.zarr/0/0", text);
      workspace.write("f.zarr/0/1", "other");
      const [{ _real_key }] = await onDay(0, workspace).json("add", "f.zarr");
      Deno.removeSync(workspace.path("f.zarr"), { recursive: true });
      await repairs(workspace, name, text);
      await repairs(workspace, `${_real_key}/0/0`, text);
    });
  },
);

Deno.test("fsck --repair: from the work tree, by key or where it was seen last", async () => {
  await withInstance(async (workspace) => {
    const name = await onlyObject(workspace, "raw/a.csv");
    workspace.write("raw/a.csv", text);
    await repairs(workspace, name, text);
    Deno.removeSync(workspace.path("raw/a.csv"));
    workspace.write("renamed.csv", text);
    await onDay(0, workspace).run("add", "renamed.csv", "--dry-run");
    await onDay(0, workspace).json("add", "renamed.csv");
    await onDay(0, workspace).json("rm", "--permanent", "--force", "renamed.csv");
    await repairs(workspace, name, text);
  });
});

Deno.test("fsck --repair: from data in place, and from what Python stored", async () => {
  await withPythonInstance("lamindb-2.12.1", async (workspace) => {
    const adopting = await onDay(0, workspace).run("fsck", "--deep", "--repair");
    assert.equal(adopting.code, 0);
    const counts = workspace.read(".lamindb/IYEmV6wjzV68CSds0001.csv");
    workspace.write("copy.csv", counts);
    workspace.write("table.csv", workspace.read("in place/table.csv"));
    const added = await onDay(0, workspace).json("add", "copy.csv", "table.csv");
    for (const key of ["copy.csv", "table.csv"]) Deno.removeSync(workspace.path(key));
    for (const { key, _real_key } of added) {
      const expected = key === "copy.csv" ? counts : workspace.read("in place/table.csv");
      await repairs(workspace, _real_key, expected);
    }
    await repairs(workspace, ".lamindb/IYEmV6wjzV68CSds0001.csv", counts);
  });
});

Deno.test("fsck --repair: a file of Python that was never noted, told by its MD5", async () => {
  await withPythonInstance("lamindb-2.12.1", async (workspace) => {
    const name = ".lamindb/IYEmV6wjzV68CSds0001.csv";
    const counts = workspace.read(name);
    flipBit(stored(workspace, name), 1);
    assert.equal((await findingsOf(workspace, "--deep", "--repair"))[0].repaired, false);
    workspace.write("raw/counts.csv", counts);
    assert.equal((await findingsOf(workspace, "--deep", "--repair"))[0].repaired, true);
    assert.equal(workspace.read(name), counts);
    assert.deepEqual(await kindsOf(workspace, "--deep"), []);
  });
});

Deno.test("fsck --repair: a copy that is not right is not taken", async () => {
  await withInstance(async (workspace) => {
    const name = await onlyObject(workspace);
    workspace.write("b.txt", text);
    const [other] = await onDay(0, workspace).json("add", "b.txt");
    Deno.removeSync(workspace.path("b.txt"));
    flipBit(stored(workspace, name), 2);
    flipBit(stored(workspace, other._real_key), 3);
    workspace.write("a.csv", text.replace("1", "7"));
    const damaged = Deno.readFileSync(stored(workspace, name));
    const findings = await findingsOf(workspace, "--deep", "--repair");
    assert.deepEqual(findings.map(({ repaired }) => repaired), [false, false]);
    assert.deepEqual(Deno.readFileSync(stored(workspace, name)), damaged, "left as it is");
    assert.deepEqual(filesBelow(workspace, ".lamindb/objects/damaged"), []);
    assert.deepEqual(filesBelow(workspace, ".lamindb/objects/staging"), []);
    workspace.write("a.csv", text);
    assert.equal((await findingsOf(workspace, "--deep", "--repair")).length, 2);
    assert.deepEqual(await kindsOf(workspace, "--deep"), []);
  });
});

test("fsck --repair: data in place is the user's, and is not touched", onlyLocal, async () => {
  await withInstance(async (workspace) => {
    workspace.write("placed.csv", text);
    workspace.write("copy.csv", text);
    workspace.write("folder.zarr/0", "x");
    const { json } = onDay(0, workspace);
    await json("add", "placed.csv", "folder.zarr", "--no-copy");
    await json("add", "copy.csv");
    workspace.write("placed.csv", "edited");
    workspace.write("folder.zarr/1", "more");
    const findings = await findingsOf(workspace, "--deep", "--repair");
    assert.deepEqual(
      findings.map(({ kind, name, severity, repaired }) => [kind, name, severity, repaired]).sort(),
      [
        ["extra file", "folder.zarr/1", "note", false],
        ["wrong size", "placed.csv", "damage", false],
      ],
    );
    assert.equal(workspace.read("placed.csv"), "edited");
    assert.equal(workspace.read("folder.zarr/1"), "more");
  });
});

Deno.test("fsck --repair: a whole folder, and files that do not belong into it", async () => {
  await withInstance(async (workspace) => {
    for (const path of ["0/0", "0/1", ".zgroup"]) {
      workspace.write(`f.zarr/${path}`, `chunk ${path}`);
    }
    const [{ _real_key, uid }] = await onDay(0, workspace).json("add", "f.zarr");
    Deno.writeTextFileSync(stored(workspace, `${_real_key}/0/extra`), "not mine");
    assert.deepEqual(
      (await findingsOf(workspace, "--repair")).map(({ kind, repaired }) => [kind, repaired]),
      [["extra file", true]],
    );
    assert.deepEqual(
      filesBelow(workspace, ".lamindb/objects/damaged").map((name) => name.split("/").at(-1)),
      ["extra"],
    );
    Deno.removeSync(stored(workspace, _real_key), { recursive: true });
    assert.deepEqual(await kindsOf(workspace), [`missing ${_real_key}`]);
    const [finding] = await findingsOf(workspace, "--repair");
    assert.equal(finding.repaired, true);
    assert.deepEqual(await kindsOf(workspace, "--deep"), []);
    assert.deepEqual(filesBelow(workspace, _real_key), [".zgroup", "0/0", "0/1"]);
    Deno.removeSync(stored(workspace, _real_key), { recursive: true });
    Deno.removeSync(workspace.path("f.zarr/0/1"));
    const [half] = await findingsOf(workspace, "--repair");
    assert.deepEqual([half.uid, half.repaired], [uid, false], "all or nothing is what counts");
  });
});

Deno.test("fsck --deep --repair: what Python stored is noted, once", async () => {
  await withPythonInstance("lamindb-2.12.1", async (workspace) => {
    const run = () => onDay(0, workspace).run("fsck", "--deep", "--repair");
    const first = await run();
    assert.equal(
      first.stdout,
      "40 artifacts read, no damage, the content of 40 artifacts of Python noted\n",
    );
    assert.equal(sql(workspace, "SELECT * FROM lamin_content").length, 40);
    assert.equal((await run()).stdout, "40 artifacts read, no damage\n");
    const [operation, ...more] = await onDay(0, workspace).json("op", "log");
    assert.deepEqual(
      [operation.verb, operation.summary, more.length],
      ["fsck", "noted the content of 40 artifacts", 0],
    );
    Deno.removeSync(workspace.path(".lamindb/fbNkjES6RtK9GNnc.zarr/X/data/0"));
    assert.deepEqual(await kindsOf(workspace), ["missing .lamindb/fbNkjES6RtK9GNnc.zarr/X/data/0"]);
  });
});

Deno.test("fsck --repair: names that lead out are not followed", async () => {
  await withInstance(async (workspace) => {
    const secret = workspace.path("../secret");
    Deno.writeTextFileSync(secret, text);
    const name = await onlyObject(workspace);
    for (const real of ["../secret", "/etc/hostname", ".lamindb/../../secret", "a//b"]) {
      sql(workspace, "UPDATE lamindb_artifact SET _real_key = ?", real);
      const findings = await findingsOf(workspace, "--deep", "--repair");
      assert.equal(findings.find(({ uid }) => uid !== null).kind, "storage", real);
      assert.equal(Deno.readTextFileSync(secret), text);
    }
    sql(workspace, "UPDATE lamindb_artifact SET _real_key = ?", name);
    Deno.removeSync(stored(workspace, name));
    for (const key of ["../secret", "link"]) {
      if (key === "link") Deno.symlinkSync("/etc/passwd", workspace.path("link"));
      sql(workspace, "UPDATE lamindb_artifact SET key = ?", key);
      assert.equal((await findingsOf(workspace, "--repair")).at(-1).repaired, false);
    }
    workspace.write("f.zarr/0", "x");
    await onDay(0, workspace).json("add", "f.zarr");
    sql(workspace, "UPDATE lamin_manifestfile SET path = '../../../../../secret'");
    await findingsOf(workspace, "--deep", "--repair");
    assert.equal(Deno.readTextFileSync(secret), text);
  });
});
