import assert from "node:assert/strict";
import type { BlobCases } from "../blob_suite.ts";
import { fails, namesBelow, put, stage, textOf } from "./store_driver.ts";

const escaping = [
  "",
  "/",
  "/etc/passwd",
  "..",
  "../x",
  "a/../x",
  "a/..",
  ".",
  "./a",
  "a/./b",
  "a//b",
  "a//",
  "a\0b",
  "a/\0",
];

const unusual = [
  "with space/und ü – 試験.csv",
  `long/${"x".repeat(255)}`,
  `long/${"試".repeat(85)}`,
  "deep/a/b/c/d/e/f/g/h",
  "dots/..hidden",
  "dots/...",
  "dots/a..b",
  ".lamindb/objects/ab/ab12.csv",
  "quotes/'\"`$(x)",
  "line/a\nb",
  "case/A",
];

export const nameCases: BlobCases = {
  "names that leave the location are refused, whatever is done with them": async ({ store }) => {
    await put(store, { "a/b": "1" });
    for (const name of escaping) {
      await fails("denied", () => store.sizes([name]));
      await fails("denied", () => store.entry(name));
      await fails("denied", () => store.open(name));
      await fails("denied", () => namesBelow(store, name));
      await fails("denied", () => store.entries(name));
      await fails("denied", () => store.remove([name]));
      await fails("denied", () => store.move("a/b", name));
      await fails("denied", () => store.move(name, "c"));
      await fails("denied", () => store.locate(name));
      const batch = store.batch();
      await fails("denied", () => batch.name(stage(batch, "2"), name));
      await fails("denied", () => batch.alias("a/b", name));
      await fails("denied", () => batch.alias(name, "c"));
      await batch.publish();
      batch.discard();
    }
    assert.equal(await textOf(store, "a/b"), "1");
  },

  "unusual names are names": async ({ store }) => {
    await put(store, Object.fromEntries(unusual.map((name, index) => [name, `text ${index}`])));
    for (const [index, name] of unusual.entries()) {
      assert.equal(await textOf(store, name), `text ${index}`, name);
    }
    assert.deepEqual(
      (await Promise.all(["with space/", "long/", "deep/", "dots/", ".lamindb/", "quotes/"]
        .map((folder) => namesBelow(store, folder)))).flat().sort(),
      unusual.filter((name) => !/^(line|case)/.test(name)).sort(),
    );
  },

  "listing: below a folder, however deep, and nothing beside it": async ({ store }) => {
    await put(store, { "a/b": "1", "a/c/d": "22", "ab/e": "3", "f": "4" });
    assert.deepEqual(await namesBelow(store, "a/"), ["a/b", "a/c/d"]);
    assert.deepEqual(await namesBelow(store, "a/c/"), ["a/c/d"]);
    assert.deepEqual(await namesBelow(store, "nothing/"), []);
    assert.deepEqual(await namesBelow(store, "f/"), [], "a blob is no folder");
    for await (const entry of store.list("a/c/")) {
      assert.equal(entry.size, 2);
      assert.ok(Math.abs(Date.now() - entry.writtenAt.getTime()) < 60_000);
    }
  },

  "one entry": async ({ store }) => {
    await put(store, { "a/b": "12" });
    const entry = await store.entry("a/b");
    assert.deepEqual([entry?.name, entry?.size], ["a/b", 2]);
    for (const name of ["a", "a/", "nothing", "a/b/c"]) {
      assert.equal(await store.entry(name), undefined);
    }
  },

  "entries: what lies directly in a folder": async ({ store }) => {
    await put(store, { "a/b": "1", "a/c/d": "2", "a/c/e": "3", "ab/e": "4" });
    const entries = (await store.entries("a/")).toSorted((a, b) => a.name < b.name ? -1 : 1);
    assert.deepEqual(entries, [{ name: "a/b", kind: "blob" }, { name: "a/c", kind: "folder" }]);
    assert.deepEqual(await store.entries("nothing/"), []);
    assert.deepEqual(await store.entries("a/b/"), []);
  },
};
