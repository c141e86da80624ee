import assert from "node:assert/strict";
import type { BlobCases } from "../blob_suite.ts";
import { bytes, fails, namesBelow, put, stage, textOf } from "./store_driver.ts";

export const removalCases: BlobCases = {
  "removing, twice and of nothing": async ({ store }) => {
    await put(store, { "a/1": "1", "a/2": "2" });
    await store.remove(["a/1", "a/nothing", "nothing/at/all"]);
    await store.remove(["a/1"]);
    assert.deepEqual(await namesBelow(store, "a/"), ["a/2"]);
  },

  "a name without / at the end is no folder": async ({ store }) => {
    await put(store, { "a/1": "1" });
    await store.remove(["a"]);
    assert.equal(await textOf(store, "a/1"), "1");
  },

  "removing folders, with all in them and nothing beside": async ({ store }) => {
    await put(store, { "a/1": "1", "a/b/2": "2", "ab": "3", "c/4": "4" });
    await store.remove(["a/", "nothing/"]);
    assert.deepEqual(await namesBelow(store, "a/"), []);
    assert.deepEqual([await textOf(store, "ab"), await textOf(store, "c/4")], ["3", "4"]);
  },

  "empty folders of objects go, and can come back": async ({ store }) => {
    await put(store, { ".lamindb/objects/ab/x.zarr/0/0": "1" });
    await store.remove([".lamindb/objects/ab/x.zarr/0/0"]);
    assert.deepEqual(await store.entries(".lamindb/objects/"), []);
    await put(store, { ".lamindb/objects/ab/x": "2" });
    assert.equal(await textOf(store, ".lamindb/objects/ab/x"), "2");
  },

  "a reader goes on reading what is removed or replaced": async ({ store }) => {
    await put(store, { "a": "old bytes" });
    const reader = await store.open("a");
    await store.remove(["a"]);
    await put(store, { "a": "other" });
    assert.deepEqual(await reader.read(0, 9), bytes("old bytes"));
    reader.close();
  },

  "moving blobs and folders": async ({ store }) => {
    await put(store, { "a/1": "1", "b/2": "2", "b/c/3": "3" });
    assert.equal(await store.move("a/1", "new/place/1"), true);
    assert.equal(await store.move("b/", "d/b"), true);
    assert.equal(await store.move("b/", "e"), false, "it is not there any more");
    assert.equal(await store.move("nothing", "e"), false);
    assert.equal((await store.sizes(["a/1", "b/2", "b/c/3"])).size, 0);
    assert.equal(await textOf(store, "new/place/1"), "1");
    assert.deepEqual(await namesBelow(store, "d/"), ["d/b/2", "d/b/c/3"]);
  },

  "moving replaces nothing": async ({ store }) => {
    await put(store, { "a": "1", "b": "2", "c/d": "3" });
    await fails("conflict", () => store.move("a", "b"));
    await fails("conflict", () => store.move("a", "c"));
    await fails("conflict", () => store.move("c/", "a"));
    assert.deepEqual([await textOf(store, "a"), await textOf(store, "b")], ["1", "2"]);
  },

  "removing while a batch is under way leaves the batch alone": async ({ store, other }) => {
    const batch = store.batch();
    batch.name(stage(batch, "1"), ".lamindb/objects/ab/1");
    const names = [];
    for await (const { name } of other.list(".lamindb/objects/")) names.push(name);
    await other.remove(names);
    await batch.publish();
    batch.discard();
    assert.equal(await textOf(store, ".lamindb/objects/ab/1"), "1");
  },
};
