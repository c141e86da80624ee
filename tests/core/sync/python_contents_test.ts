import assert from "node:assert/strict";
import { InstanceSource } from "../../../core/sync/contents/instance_source.ts";
import { planContents } from "../../../core/sync/contents/plan.ts";
import { fetchContents } from "../../../core/sync/fetch/fetch.ts";
import { atlasAt } from "../../cli/atlas.ts";
import { withPythonInstance } from "../../lamin.ts";
import { both, objectsIn, type Pair, sideOf, syncRows } from "./pair.ts";

const operation = { verb: "fetch", command: ["fetch"] };

async function withPythonSource(work: (pair: Pair) => Promise<void>): Promise<void> {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
    const base = root.slice(0, root.lastIndexOf("/"));
    const [folder, ownHome] = [`${base}/target/atlas`, `${base}/target/home`];
    for (const one of [folder, ownHome]) Deno.mkdirSync(one, { recursive: true });
    const target = atlasAt(folder, ownHome);
    await target.lamin("init");
    await work({ source: sideOf(atlasAt(root, home)), target: sideOf(target), base });
  });
}

Deno.test(
  "what only Python wrote is carried by its hash, and hashed on the way",
  async () => {
    await withPythonSource(async (pair) => {
      const uids = await syncRows(pair);
      await both(pair, async (source, target) => {
        const parts = [{ source: new InstanceSource(source), uids }];
        const { fetched, lacking } = await fetchContents(target, parts, {
          operation,
          dryRun: false,
        });
        assert.ok(fetched.length >= 5, `${fetched.length} artifacts`);
        for (const { why } of lacking) {
          assert.match(why.message, /not those of this version|missing/);
        }
        const again = await planContents(target, new InstanceSource(source), fetched);
        assert.deepEqual([again.settled, again.planned], [fetched.length, []]);
      });
      const checked = await pair.target.run("fsck", "--deep");
      assert.deepEqual(
        [checked.code, /unrecorded/.test(checked.stdout)],
        [0, false],
        checked.stdout,
      );
      const files = (await pair.target.json("list", "artifact")).filter((row) =>
        row.n_files === null
      );
      assert.ok(files.length >= 3, `${files.length} files`);
      for (const { key, uid } of files) {
        const [there, here] = [
          await pair.source.run("cat", uid),
          await pair.target.run("cat", uid),
        ];
        assert.deepEqual([key, here.code, here.stdout], [key, there.code, there.stdout]);
      }
    });
  },
);

Deno.test("what only Python wrote and is damaged is refused by its hash", async () => {
  await withPythonSource(async (pair) => {
    const uids = await syncRows(pair);
    const [path] = [...Deno.readDirSync(`${pair.source.root}/.lamindb`)]
      .filter(({ isFile, name }) => isFile && /^[0-9A-Za-z]{20}\.csv$/.test(name));
    const file = `${pair.source.root}/.lamindb/${path!.name}`;
    const bytes = Deno.readFileSync(file);
    bytes[0]! ^= 1;
    Deno.chmodSync(file, 0o644);
    Deno.writeFileSync(file, bytes);
    await both(pair, async (source, target) => {
      const parts = [{ source: new InstanceSource(source), uids }];
      const { lacking } = await fetchContents(target, parts, { operation, dryRun: false });
      const uid = path!.name.slice(0, 20);
      const [why] = lacking.filter((one) => one.uid === uid).map((one) => one.why);
      assert.deepEqual([why?.code, /damaged/.test(why!.message)], ["damaged", true]);
    });
    assert.equal(objectsIn(pair.target.stored).some((path) => path.startsWith("staging")), false);
  });
});
