import assert from "node:assert/strict";
import { InstanceSource } from "../../../core/sync/contents/instance_source.ts";
import { planContents } from "../../../core/sync/contents/plan.ts";
import { fetchContents, type Fetched } from "../../../core/sync/fetch/fetch.ts";
import { noS3Server } from "../../s3_server.ts";
import { test } from "../../skip.ts";
import { ownPlaces } from "../../test_database.ts";
import { both, type Kind, objectsIn, type Pair, syncRows, withPair } from "./pair.ts";

const operation = { verb: "fetch", command: ["fetch"] };

/** Brings the bytes of artifacts to the target. */
async function bring(pair: Pair, uids: readonly string[], dryRun = false): Promise<Fetched> {
  return await both(pair, async (source, target) => {
    const parts = [{ source: new InstanceSource(source), uids }];
    return await fetchContents(target, parts, { operation, dryRun });
  });
}

/** A large file is one that is copied by the system, or sent in parts. */
const large = new Uint8Array(20 * 1024 * 1024 + 3).map((_, index) => index * 31 >> 3);

async function fill({ source }: Pair): Promise<void> {
  source.write("a.csv", "a\n");
  source.write("copy/a.csv", "a\n");
  source.write("copy/a.txt", "a\n");
  source.write("empty.txt", "");
  source.write("large.bin", large);
  source.write("f.zarr/0", "zero\n");
  source.write("f.zarr/deep/1", "one\n");
  await source.lamin("add", ".");
  source.write("f.zarr/0", "another zero\n");
  await source.lamin("add", "f.zarr");
}

const kinds: readonly Kind[] = ["disk", "s3"];
for (const source of kinds) {
  for (const target of kinds) {
    const missing = source === "s3" || target === "s3" ? noS3Server ?? ownPlaces : ownPlaces;
    test(`bytes go from ${source} to ${target}, each content once`, missing, async () => {
      await withPair({ source, target }, async (pair) => {
        await fill(pair);
        const uids = await syncRows(pair);
        const planned = await bring(pair, uids, true);
        // Two names of one content and suffix are one object; so are a.csv and copy/a.csv.
        assert.deepEqual([planned.fetched.length, planned.objects], [uids.length, 6]);
        const fetched = await bring(pair, uids);
        assert.deepEqual(fetched.lacking, []);
        assert.deepEqual([...fetched.fetched].sort(), [...uids].sort());
        assert.deepEqual(objectsIn(pair.target.stored), objectsIn(pair.source.stored));
        assert.equal(await pair.target.lamin("cat", "f.zarr/0"), "another zero\n");
        assert.equal(await pair.target.lamin("cat", "f.zarr@0", "--path", "0"), "zero\n");
        const checked = await pair.target.run("fsck", "--deep");
        assert.deepEqual([checked.code, checked.stdout], [0, checked.stdout]);
        assert.doesNotMatch(checked.stdout, /missing|unrecorded/);
        const again = await bring(pair, uids);
        assert.deepEqual([again.fetched, again.objects, again.operation], [[], 0, undefined]);
      });
    });
  }
}

Deno.test("bytes that are damaged at the source are refused by name, the others come", async () => {
  await withPair({ source: "disk", target: "disk" }, async (pair) => {
    await fill(pair);
    const uids = await syncRows(pair);
    const [bad] = objectsIn(pair.source.stored).filter((path) => path.endsWith(".txt"));
    overwrite(`${pair.source.stored}/.lamindb/objects/${bad}`, "b\n");
    const [zarr] = objectsIn(pair.source.stored).filter((path) => path.endsWith("deep/1"));
    overwrite(`${pair.source.stored}/.lamindb/objects/${zarr}`, "two\n");
    const { fetched, lacking } = await bring(pair, uids);
    assert.ok(lacking.length >= 1);
    for (const { why } of lacking) {
      assert.equal(why.code, "damaged");
      assert.match(why.message, /\.(txt|zarr)/);
    }
    assert.equal(fetched.length + lacking.length, uids.length);
    const checked = await pair.target.run("fsck", "--deep");
    assert.equal(checked.code, 0, checked.stdout);
  });
});

Deno.test("what the source lost is named, and what it never fetched itself", async () => {
  await withPair({ source: "disk", target: "disk" }, async (pair) => {
    await fill(pair);
    const uids = await syncRows(pair);
    const [gone] = objectsIn(pair.source.stored).filter((path) => path.endsWith(".bin"));
    Deno.removeSync(`${pair.source.stored}/.lamindb/objects/${gone}`);
    await both(pair, async (source, target) => {
      const plan = await planContents(target, new InstanceSource(source), uids);
      assert.deepEqual(plan.lacking.map(({ why }) => [why.code, why.data["key"]]), [
        ["damaged", "large.bin"],
      ]);
      const back = await planContents(source, new InstanceSource(target), ["nobody0000000000000"]);
      assert.deepEqual(back.lacking.map(({ why }) => why.code), ["not_found"]);
      const described = await new InstanceSource(target).describe(uids);
      for (const one of described.values()) assert.ok("code" in one && one.code === "not_fetched");
    });
  });
});

Deno.test("a link in the source's storage that leads out of it is not followed", async () => {
  await withPair({ source: "disk", target: "disk" }, async (pair) => {
    await fill(pair);
    const uids = await syncRows(pair);
    Deno.writeTextFileSync(`${pair.base}/secret`, "a\n");
    const [path] = objectsIn(pair.source.stored).filter((path) => path.endsWith(".csv"));
    const object = `${pair.source.stored}/.lamindb/objects/${path}`;
    Deno.removeSync(object);
    Deno.symlinkSync(`${pair.base}/secret`, object);
    const { lacking } = await bring(pair, uids);
    // Two artifacts have that object.
    assert.deepEqual(lacking.map(({ why }) => why.code), ["denied", "denied"]);
  });
});

function overwrite(path: string, text: string): void {
  Deno.chmodSync(path, 0o644);
  Deno.writeTextFileSync(path, text);
}
