import assert from "node:assert/strict";
import { type Atlas, withAtlas } from "./atlas.ts";

/** The number of the version that adding some content under a key gives. */
async function numberOf({ write, json }: Atlas, key: string, content: string): Promise<string> {
  write(key, content);
  const [added] = await json("add", key);
  return added.uid.slice(-4);
}

Deno.test("add: a version that an undo took away does not lend its uid to other content", async () => {
  await withAtlas(async (atlas) => {
    assert.equal(await numberOf(atlas, "a.txt", "first"), "0000");
    assert.equal(await numberOf(atlas, "a.txt", "second"), "0001");
    await atlas.lamin("undo");
    assert.equal(await numberOf(atlas, "a.txt", "third"), "0002");
    await atlas.lamin("undo");
    assert.equal(await numberOf(atlas, "a.txt", "second"), "0003", "nor to its own, added anew");
    // What an undone undo brings back counts on.
    const [undo] = (await atlas.json("op", "log")).filter((one) => one.verb === "undo");
    await atlas.lamin("undo");
    await atlas.lamin("undo", undo.uid);
    assert.equal(await atlas.lamin("cat", "a.txt@0002"), "third");
    assert.equal(await numberOf(atlas, "a.txt", "fourth"), "0004");
  });
});

Deno.test("add: nor does one that was deleted for good, whatever was added in between", async () => {
  await withAtlas(async (atlas) => {
    for (const content of ["1", "2", "3"]) await numberOf(atlas, "a.txt", content);
    await numberOf(atlas, "b.txt", "b1");
    await numberOf(atlas, "b.txt", "b2");
    await atlas.lamin("rm", "--permanent", "--force", "a.txt@0002");
    await atlas.lamin("rm", "--permanent", "--force", "a.txt@0001");
    await atlas.lamin("gc", "--apply", "--grace", "0");
    assert.equal(await numberOf(atlas, "b.txt", "b3"), "0002", "other families are not concerned");
    assert.equal(await numberOf(atlas, "a.txt", "4"), "0003");
    // Both at once: the numbers of each are its own.
    atlas.write("a.txt", "5");
    atlas.write("b.txt", "b4");
    const added = await atlas.json("add", "a.txt", "b.txt");
    assert.deepEqual(added.map(({ uid }) => uid.slice(-4)), ["0004", "0003"]);
    const plan = await atlas.json("log", "a.txt");
    assert.ok(plan.length > 0, "gaps are nothing that a reader stumbles over");
  });
});
