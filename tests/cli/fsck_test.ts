import assert from "node:assert/strict";
import { flipBit } from "../core/fsck/damage.ts";
import { withInstance, withPythonInstance } from "../lamin.ts";
import { onS3 } from "../test_database.ts";
import { stored } from "../days.ts";

Deno.test("fsck: on instances of Python there is nothing to say", async () => {
  await withPythonInstance("lamindb-2.12.1", async ({ run }) => {
    assert.equal((await run(["fsck"])).stdout, "40 artifacts looked at, no damage\n");
    const deep = await run(["fsck", "--deep", "--json"]);
    assert.deepEqual([deep.code, deep.stdout, deep.stderr], [0, "", ""]);
  });
  await withPythonInstance("lamindb-1.1.0", async ({ run }) => {
    assert.match((await run(["fsck", "--deep"])).stdout, /^\d+ artifacts read, no damage\n$/);
    assert.equal((await run(["fsck", "--deep", "--repair"])).code, 14);
  });
});

Deno.test("fsck: finds, says what to do, repairs", async () => {
  await withInstance(async (workspace) => {
    const { run, write, json, path } = workspace;
    write("a.csv", "x,y\n1,2\n");
    write("b.csv", "x,y\n3,4\n");
    const added = await json("add", ".");
    const [a, b] = ["a.csv", "b.csv"].map((key) => added.find((row) => row.key === key));
    const place = (row: { _real_key: string }) => row._real_key.replace(/[0-9a-f]{64}/, "SHA");
    flipBit(stored(workspace, a._real_key), 4);
    Deno.removeSync(stored(workspace, b._real_key));
    Deno.removeSync(path("b.csv"));
    const found = await run(["fsck", "--deep"]);
    assert.equal(found.code, 13);
    const lines = found.stdout.split("\n").map((line) => line.replace(/[0-9a-f]{64}/g, "SHA"));
    assert.deepEqual(lines, [
      `  damaged     a.csv ${a.uid}: ${
        onS3
          ? `the bytes of ${place(a)} do not fit the server's checksum`
          : "its SHA-256 is SHA instead of SHA"
      } (${place(a)})`,
      `  missing     b.csv ${b.uid}: its bytes are missing (${place(b)})`,
      "2 artifacts read, 2 faults",
      "",
    ]);
    assert.match(found.stderr, /'lamin fsck --repair' mends what it can/);
    const repaired = await run(["fsck", "--deep", "--repair"]);
    assert.equal(repaired.code, 13, "one is lost");
    assert.match(repaired.stdout, /repaired {4}a\.csv/);
    assert.match(repaired.stdout, /2 artifacts read, 1 of 2 faults repaired\n$/);
    write("b.csv", "x,y\n3,4\n");
    const [finding] = await json("fsck", "--repair");
    assert.deepEqual(Object.keys(finding), [
      ...["severity", "kind", "uid", "key", "name", "detail", "mendable", "repaired"],
    ]);
    assert.deepEqual(
      [finding.kind, finding.uid, finding.key, finding.name, finding.repaired],
      ["missing", b.uid, "b.csv", b._real_key, true],
    );
    assert.equal((await run(["fsck", "--deep", "-q"])).stdout, "2 artifacts read, no damage\n");
    assert.equal((await run(["cat", "b.csv"])).stdout, "x,y\n3,4\n");
  });
});

Deno.test("fsck: many findings of a kind are counted, -v lists them", async () => {
  await withInstance(async (workspace) => {
    const { run, write, json } = workspace;
    for (let index = 0; index < 30; index++) write(`data/${index}.txt`, `${index}`);
    for (const { _real_key } of await json("add", ".")) {
      Deno.removeSync(stored(workspace, _real_key));
    }
    const { stdout } = await run(["fsck"]);
    assert.match(
      stdout,
      /\n {2}… and 20 more: missing \(-v lists all\)\n30 artifacts looked at, 30/,
    );
    assert.equal((await run(["fsck", "-v"])).stdout.split("\n").length, 32);
    assert.equal((await run(["fsck", "--json"])).stdout.split("\n").length, 31);
    assert.equal(
      (await run(["fsck", "data/7.txt", "--format", "{key} {kind}"])).stdout,
      "data/7.txt missing\n",
    );
  });
});
