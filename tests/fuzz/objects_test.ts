/** Objects that are cut, garbled or replaced by what is no file: noticed, told, and healed. */
import assert from "node:assert/strict";
import { type Atlas, withAtlas } from "../cli/atlas.ts";
import { loadedVerbs } from "../cli/manners_world.ts";
import { withRaw } from "../raw_database.ts";
import { soak } from "../soak.ts";
import { onS3, storageOf } from "../test_database.ts";
import { faultsOf } from "./manners.ts";

const decoder = new TextDecoder();

/** What can become of an object; each leaves something else under its name. */
const damages: Readonly<Record<string, (path: string) => void>> = {
  truncated: (path) => Deno.truncateSync(path, 3),
  grown: (path) => Deno.writeTextFileSync(path, "more", { append: true }),
  garbled: (path) => Deno.writeTextFileSync(path, "!".repeat(Deno.statSync(path).size)),
  empty: (path) => Deno.truncateSync(path, 0),
  missing: (path) => Deno.removeSync(path),
  folder: (path) => replace(path, () => Deno.mkdirSync(path)),
  "full folder": (path) =>
    replace(path, () => {
      Deno.mkdirSync(path);
      Deno.writeTextFileSync(`${path}/x`, "x");
    }),
  link: (path) => replace(path, () => Deno.symlinkSync("/etc/passwd", path)),
  "link to itself": (path) => replace(path, () => Deno.symlinkSync(path, path)),
  "link to the same": (path) => {
    const copy = `${path.slice(0, path.lastIndexOf("/.lamindb/"))}/../copy`;
    Deno.copyFileSync(path, copy);
    replace(path, () => Deno.symlinkSync(copy, path));
  },
  pipe: (path) =>
    replace(path, () => {
      const made = new Deno.Command("mkfifo", { args: [path] }).outputSync();
      assert.ok(made.success, decoder.decode(made.stderr));
    }),
};

function replace(path: string, make: () => void): void {
  Deno.removeSync(path);
  make();
}

/** What can become of an object in a bucket. */
const ofBuckets = ["truncated", "grown", "garbled", "empty", "missing"];

/** All of them in the long form of tests, else some, other ones for each test. */
function chosen(start: number): [string, (path: string) => void][] {
  return Object.entries(damages)
    .filter(([what]) => !onS3 || ofBuckets.includes(what))
    .filter((_, index) => soak || index % 3 === start);
}

async function calm(atlas: Atlas, what: string, name: string, ...words: readonly string[]) {
  const verb = loadedVerbs.find((one) => one.name === name)!;
  const said = await atlas.run(name, ...words);
  const shown = `${what}: lamin ${name} ${words.join(" ")}: ${said.code} ${said.stderr}`;
  assert.deepEqual(faultsOf(verb, words, said), [], shown);
  return { ...said, shown: `${shown}${said.stdout.slice(0, 1500)}` };
}

/** Path of an artifact's object. */
async function objectOf(atlas: Atlas, key: string): Promise<string> {
  const [row] = await atlas.json("list", "artifact", `key=${key}`);
  return `${storageOf(atlas.root)}/${row._real_key}`;
}

Deno.test({
  name: "objects: a damaged one is never taken for the artifact, and heals from the user's file",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    for (const [what, damage] of chosen(0)) {
      await withAtlas(async (atlas) => {
        const content = "x,y\n1,2\n";
        atlas.write("a.csv", content);
        await atlas.lamin("add", "a.csv");
        const object = await objectOf(atlas, "a.csv");
        Deno.chmodSync(object, 0o644);
        damage(object);
        const isSame = what === "link to the same";
        for (const line of [["cat", "a.csv"], ["get", "a.csv", "--to", "out.csv"]]) {
          const said = await calm(atlas, what, line[0]!, ...line.slice(1));
          assert.ok(isSame || said.code === 13, said.shown);
          assert.ok(!atlas.exists("out.csv") || isSame, said.shown);
        }
        atlas.write("a.csv", "x,y\n1,3\n");
        const diff = await calm(atlas, what, "diff", "a.csv");
        assert.ok(isSame || diff.code === 13, diff.shown);
        atlas.write("a.csv", content);
        // Bytes that are right are right, wherever they lie.
        assert.equal((await calm(atlas, what, "fsck", "--deep")).code, isSame ? 0 : 13, what);
        for (const verb of ["status", "log", "list", "show"]) {
          const words = verb === "list" ? ["artifact"] : verb === "show" ? ["a.csv"] : [];
          assert.equal((await calm(atlas, what, verb, ...words)).code, 0);
        }
        const repaired = await calm(atlas, what, "fsck", "--deep", "--repair");
        assert.equal(repaired.code, 0, repaired.shown);
        const cat = await calm(atlas, what, "cat", "a.csv");
        assert.equal(cat.stdout, content, cat.shown);
        assert.equal((await calm(atlas, what, "fsck", "--deep")).code, 0, what);
      });
    }
  },
});

Deno.test({
  name: "objects: adding the same file again puts a lost object back",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    for (const [what, damage] of chosen(1)) {
      if (what === "garbled" || what === "link to the same") continue; // only fsck reads them
      await withAtlas(async (atlas) => {
        const content = "x,y\n1,2\n";
        atlas.write("a.csv", content);
        await atlas.lamin("add", "a.csv");
        const object = await objectOf(atlas, "a.csv");
        Deno.chmodSync(object, 0o644);
        damage(object);
        const added = await calm(atlas, what, "add", "a.csv");
        const cat = await calm(atlas, what, "cat", "a.csv");
        if (added.code === 0) assert.equal(cat.stdout, content, added.shown + cat.shown);
        else assert.equal(added.code, 1, added.shown);
      });
    }
  },
});

Deno.test({
  name: "objects: parts of a folder that are lost or wrong",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    for (const [what, damage] of chosen(2)) {
      await withAtlas(async (atlas) => {
        atlas.write("x.zarr/.zattrs", "{}");
        atlas.write("x.zarr/0/0", "data");
        await atlas.lamin("add", "x.zarr");
        const part = `${await objectOf(atlas, "x.zarr")}/0/0`;
        Deno.chmodSync(part, 0o644);
        damage(part);
        const isSame = what === "link to the same";
        const cat = await calm(atlas, what, "cat", "x.zarr", "--path", "0/0");
        assert.ok(isSame || cat.code === 13, cat.shown);
        const got = await calm(atlas, what, "get", "x.zarr", "--to", "out");
        assert.ok(isSame || got.code === 13, got.shown);
        assert.ok(isSame || !atlas.exists("out/0/0"), got.shown);
        const repaired = await calm(atlas, what, "fsck", "--deep", "--repair");
        assert.equal(repaired.code, 0, repaired.shown);
        assert.equal((await calm(atlas, what, "cat", "x.zarr", "--path", "0/0")).stdout, "data");
      });
    }
  },
});

Deno.test("objects: a row whose size is not that of its bytes", async () => {
  await withAtlas(async (atlas) => {
    atlas.write("a.csv", "x,y\n1,2\n");
    await atlas.lamin("add", "a.csv");
    for (const size of [0, 1, -5, 2 ** 40]) {
      withRaw(
        atlas.root,
        (database) => database.run(`UPDATE lamindb_artifact SET size = ${size}`),
      );
      for (
        const line of [["cat", "a.csv"], ["get", "a.csv", "--to", "out.csv"], ["diff", "a.csv"]]
      ) {
        const said = await calm(atlas, `size ${size}`, line[0]!, ...line.slice(1));
        if (said.code !== 0) assert.equal(said.code, 13, said.shown);
      }
      const fsck = await calm(atlas, `size ${size}`, "fsck");
      assert.equal(fsck.code, 13, fsck.shown);
    }
  });
});
