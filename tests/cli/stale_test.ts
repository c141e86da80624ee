import assert from "node:assert/strict";
import { withPythonInstance } from "../lamin.ts";
import { type Place, say } from "./in_process.ts";

/** The instance that Python made, in which a newer version of `raw/counts.csv` was added. */
async function withNewerInput(work: (place: Place) => Promise<void>): Promise<void> {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home, write }) => {
    const place = { folder: root, home };
    assert.equal((await say(place, "status", "--stale", "--exit-code")).code, 0);
    write("raw/counts.csv", "gene,a\nCD8A,1\n");
    assert.equal((await say(place, "add", "raw/counts.csv")).code, 0);
    await work(place);
  });
}

Deno.test("status --stale: what to make anew, in order, and why", async (t) => {
  await withNewerInput(async (place) => {
    const { code, stdout } = await say(place, "status", "--stale");
    assert.equal(code, 0);
    await t.assertSnapshot(stdout);
  });
});

Deno.test("status --stale: JSON, a part, and the exit code", async () => {
  await withNewerInput(async (place) => {
    const lines = (await say(place, "status", "--stale", "--json")).stdout.trim().split("\n");
    const stale = lines.map((line) => JSON.parse(line));
    const [first] = stale;
    assert.deepEqual([first.status, first.key], ["stale", "processed/cpm.parquet"]);
    assert.equal(first.moved[0].key, "raw/counts.csv");
    assert.notEqual(first.moved[0].uid, first.moved[0].current_uid);
    const last = stale.find(({ key }) => key === "flow/subset.parquet");
    assert.deepEqual([last.moved, last.after], [[], [first.uid]]);
    const part = await say(place, "status", "--stale", "--exit-code", "flow");
    assert.equal(part.code, 3);
    assert.match(part.stdout, /^1 output to make anew/);
    assert.equal((await say(place, "status", "--stale", "--exit-code", "raw")).code, 0);
    const none = await say(place, "status", "--stale", "-q");
    assert.deepEqual([none.code, none.stdout], [0, ""]);
  });
});
