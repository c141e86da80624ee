import assert from "node:assert/strict";
import type { BlobCases } from "../blob_suite.ts";
import { bytes, fails, put } from "./store_driver.ts";

const big = 5 * 1024 * 1024 + 7;

export const readingCases: BlobCases = {
  "sizes are told of blobs, not of folders or nothing": async ({ store }) => {
    await put(store, { "a/one.txt": "1", "a/none.txt": "" });
    const sizes = await store.sizes(["a/one.txt", "a/none.txt", "a", "a/", "b", "a/one.txt/x"]);
    assert.deepEqual([...sizes], [["a/one.txt", 1], ["a/none.txt", 0]]);
    assert.equal((await store.sizes([])).size, 0);
  },

  "what is not there cannot be opened": async ({ store }) => {
    await put(store, { "a/one.txt": "1" });
    for (const name of ["a", "a/", "b", "a/two.txt", "a/one.txt/x"]) {
      await fails("not_found", () => store.open(name));
    }
  },

  "ranges, short only at the end": async ({ store }) => {
    await put(store, { "a": "0123456789" });
    const reader = await store.open("a");
    const text = async (offset: number, length: number) =>
      new TextDecoder().decode(await reader.read(offset, length));
    assert.equal(reader.size, 10);
    assert.equal(await text(0, 4), "0123");
    assert.equal(await text(4, 4), "4567", "on from there");
    assert.equal(await text(8, 4), "89", "short at the end");
    assert.equal(await text(10, 4), "");
    assert.equal(await text(99, 4), "");
    assert.equal(await text(2, 0), "");
    assert.equal(await text(1, 3), "123", "back again");
    reader.close();
  },

  "reading into a buffer": async ({ store }) => {
    await put(store, { "a": "0123456789" });
    const reader = await store.open("a");
    const buffer = new Uint8Array(4);
    assert.deepEqual(await reader.read(0, 4, buffer), bytes("0123"));
    assert.deepEqual(await reader.read(8, 4, buffer), bytes("89"));
    assert.deepEqual(await reader.read(0, 8, buffer), bytes("01234567"), "one that is too small");
    reader.close();
  },

  "an empty blob is a blob": async ({ store }) => {
    await put(store, { "none": "" });
    const reader = await store.open("none");
    assert.equal(reader.size, 0);
    assert.equal((await reader.read(0, 10)).length, 0);
    reader.close();
    assert.deepEqual([...await store.sizes(["none"])], [["none", 0]]);
  },

  "a big blob, written and read in pieces": async ({ store }) => {
    const piece = new Uint8Array(1 << 16).map((_, index) => index * 31);
    const batch = store.batch();
    const staged = batch.create();
    for (let written = 0; written < big; written += piece.length) {
      staged.write(piece.subarray(0, Math.min(piece.length, big - written)));
    }
    staged.close();
    batch.name(staged, "big");
    await batch.publish();
    batch.discard();
    const reader = await store.open("big");
    assert.equal(reader.size, big);
    const odd = 99_991;
    for (let offset = 0; offset < big; offset += odd) {
      const read = await reader.read(offset, odd);
      assert.equal(read.length, Math.min(odd, big - offset));
      assert.equal(read[0], piece[offset % piece.length]);
      assert.equal(read.at(-1), piece[(offset + read.length - 1) % piece.length]);
    }
    reader.close();
  },

  "two readers do not disturb each other": async ({ store }) => {
    await put(store, { "a": "0123456789" });
    const [one, two] = [await store.open("a"), await store.open("a")];
    assert.deepEqual(await one.read(0, 2), bytes("01"));
    assert.deepEqual(await two.read(6, 2), bytes("67"));
    one.close();
    assert.deepEqual(await two.read(8, 2), bytes("89"));
    two.close();
  },
};
