import assert from "node:assert/strict";
import type { BlobCases } from "../blob_suite.ts";
import { fails, namesBelow, put, stage, textOf } from "./store_driver.ts";

export const publishCases: BlobCases = {
  "the same name twice in a batch: the first stays": async ({ store }) => {
    const batch = store.batch();
    assert.equal(batch.name(stage(batch, "same"), "a"), true);
    assert.equal(batch.name(stage(batch, "same"), "a"), false);
    await batch.publish();
    batch.discard();
    assert.equal(await textOf(store, "a"), "same");
  },

  "a blob of the same size is kept, one of another size replaced": async ({ store, isRemote }) => {
    await put(store, { "a": "old", "b": "torn" });
    const batch = store.batch();
    assert.equal(batch.name(stage(batch, "new"), "a"), isRemote === true);
    assert.equal(batch.name(stage(batch, "whole again"), "b"), true);
    assert.equal(await textOf(store, "b"), "torn", "not before it is published");
    await batch.publish();
    batch.discard();
    assert.deepEqual([await textOf(store, "a"), await textOf(store, "b")], ["old", "whole again"]);
  },

  "aliases: of what is there, and of what the batch itself publishes": async ({ store }) => {
    await put(store, { "there": "old" });
    const batch = store.batch();
    batch.alias("mine", "second/name");
    batch.alias("second/name", "third/name");
    batch.alias("there", "fourth");
    batch.name(stage(batch, "new"), "mine");
    await batch.publish();
    batch.discard();
    assert.equal(await textOf(store, "second/name"), "new");
    assert.equal(await textOf(store, "third/name"), "new");
    assert.equal(await textOf(store, "fourth"), "old");
  },

  "aliases keep a blob of the same size and replace another": async ({ store }) => {
    await put(store, { "whole": "12345", "same": "54321", "torn": "123" });
    const batch = store.batch();
    batch.alias("whole", "same");
    batch.alias("whole", "torn");
    await batch.publish();
    batch.discard();
    assert.equal(await textOf(store, "same"), "54321");
    assert.equal(await textOf(store, "torn"), "12345");
    assert.equal(await textOf(store, "whole"), "12345");
  },

  "an alias of nothing fails": async ({ store }) => {
    await put(store, { "folder/a": "1" });
    for (const existing of ["nothing", "folder"]) {
      const batch = store.batch();
      batch.alias(existing, "a");
      await fails("not_found", () => batch.publish());
      batch.discard();
    }
    assert.equal((await store.sizes(["a"])).size, 0);
    assert.deepEqual(await store.unfinished(), []);
  },

  "publishing again, and more": async ({ store }) => {
    const batch = store.batch();
    await batch.publish();
    batch.name(stage(batch, "1"), "a");
    await batch.publish();
    await batch.publish();
    batch.name(stage(batch, "2"), "b");
    await batch.publish();
    batch.discard();
    assert.deepEqual([await textOf(store, "a"), await textOf(store, "b")], ["1", "2"]);
  },

  "two batches with the same names": async ({ store, other }) => {
    const [one, two] = [store.batch(), other.batch()];
    const names = Array.from(
      { length: 20 },
      (_, index) => `.lamindb/objects/${index % 7}/${index}`,
    );
    for (const batch of [one, two]) {
      for (const name of names) assert.equal(batch.name(stage(batch, name), name), true);
    }
    await Promise.all([one.publish(), two.publish()]);
    one.discard();
    two.discard();
    assert.deepEqual(await namesBelow(store, ".lamindb/objects/"), names.toSorted());
    for (const name of names) assert.equal(await textOf(store, name), name);
  },

  "many blobs at once": async ({ store }) => {
    const texts = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`many/${index % 20}/${index}`, `text ${index}`]),
    );
    await put(store, texts);
    assert.deepEqual(await namesBelow(store, "many/"), Object.keys(texts).sort());
    assert.equal(await textOf(store, "many/19/299"), "text 299");
  },

  "a folder emptied by another meanwhile is made again": async ({ store, other }) => {
    await put(store, { ".lamindb/objects/ab/1": "1" });
    const batch = store.batch();
    batch.name(stage(batch, "2"), ".lamindb/objects/ab/2");
    await batch.publish();
    await other.remove([".lamindb/objects/ab/1", ".lamindb/objects/ab/2"]);
    batch.name(stage(batch, "3"), ".lamindb/objects/ab/3");
    await batch.publish();
    batch.discard();
    assert.equal(await textOf(store, ".lamindb/objects/ab/3"), "3");
  },
};
