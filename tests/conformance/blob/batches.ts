import assert from "node:assert/strict";
import type { BlobCases } from "../blob_suite.ts";
import { bytes, namesBelow, put, stage, textOf } from "./store_driver.ts";

export const batchCases: BlobCases = {
  "nothing is visible before publish, all of it after": async ({ store, other }) => {
    const batch = store.batch();
    assert.equal(batch.name(stage(batch, "1"), ".lamindb/objects/aa/1"), true);
    assert.equal(batch.name(stage(batch, "2"), "b"), true);
    batch.alias("b", "c");
    for (const each of [store, other]) {
      assert.deepEqual(await namesBelow(each, ".lamindb/objects/"), []);
      assert.equal((await each.sizes([".lamindb/objects/aa/1", "b", "c"])).size, 0);
    }
    await batch.publish();
    for (const each of [store, other]) {
      assert.deepEqual(await namesBelow(each, ".lamindb/objects/"), [".lamindb/objects/aa/1"]);
      assert.equal(await textOf(each, "b"), "2");
      assert.equal(await textOf(each, "c"), "2");
    }
    batch.discard();
    assert.equal(await textOf(store, "b"), "2", "to discard afterwards is harmless");
  },

  "discard leaves nothing": async ({ store }) => {
    const batch = store.batch();
    batch.name(stage(batch, "1"), "a");
    batch.create().write(bytes("left open"));
    assert.equal((await store.unfinished()).length, 1);
    batch.discard();
    batch.discard();
    assert.deepEqual(await store.unfinished(), []);
    assert.equal((await store.sizes(["a"])).size, 0);
    await batch.publish();
    assert.equal((await store.sizes(["a"])).size, 0, "what was dropped does not come back");
  },

  "a batch counts as unfinished until it is discarded": async ({ store, other, isRemote }) => {
    const batch = store.batch();
    assert.deepEqual(await other.unfinished(), []);
    batch.name(stage(batch, "12345"), "a");
    const [begun, ...more] = await other.unfinished();
    assert.equal(more.length, 0);
    // Other handles do not see what waits in memory.
    assert.ok(begun!.size === 5 || (isRemote === true && begun!.size === 0));
    assert.equal(begun!.isAbandoned, false);
    assert.ok(Math.abs(Date.now() - begun!.begunAt.getTime()) < 60_000);
    await batch.publish();
    assert.equal((await other.unfinished()).length, 1, "the rows are still to be written");
    batch.discard();
    assert.deepEqual(await other.unfinished(), []);
  },

  "a batch that only links is unfinished as well": async ({ store }) => {
    await put(store, { "a": "1" });
    const batch = store.batch();
    batch.alias("a", "b");
    await batch.publish();
    assert.equal((await store.unfinished()).length, 1);
    batch.discard();
    assert.deepEqual(await store.unfinished(), []);
  },

  "dropped blobs do not appear": async ({ store }) => {
    const batch = store.batch();
    const [one, two] = [stage(batch, "1"), stage(batch, "2")];
    batch.name(one, "a");
    batch.name(two, "b");
    batch.drop(one);
    await batch.publish();
    batch.discard();
    assert.deepEqual([await textOf(store, "a"), await textOf(store, "b")], [undefined, "2"]);
  },

  "what was staged can be read before it is named": async ({ store }) => {
    const batch = store.batch();
    const staged = stage(batch, "what was really stored");
    const reader = staged.open();
    assert.equal(reader.size, 22);
    assert.deepEqual(await reader.read(9, 6), bytes("really"));
    reader.close();
    assert.throws(() => staged.write(bytes("more")));
    batch.discard();
  },

  "copies of local files": async ({ store, file }) => {
    const path = file("source.txt", bytes("copied"));
    const batch = store.batch();
    const copy = batch.copyOf(path);
    file("source.txt", bytes("COPIED"));
    batch.name(copy, "copy");
    await batch.publish();
    batch.discard();
    assert.equal(await textOf(store, "copy"), "copied");
    assert.throws(() => store.batch().copyOf(`${path}.missing`));
  },

  "links to local files": async ({ store, file }) => {
    const path = file("source.txt", bytes("linked"));
    const batch = store.batch();
    batch.name(batch.linkOf(path), "link");
    await batch.publish();
    batch.discard();
    assert.equal(await textOf(store, "link"), "linked");
    assert.equal(file("source.txt", bytes("linked")), path, "the file can be written still");
  },
};
