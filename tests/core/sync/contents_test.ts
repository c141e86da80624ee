import assert from "node:assert/strict";
import { mutate } from "../../../core/operation/mutate.ts";
import { carryContents } from "../../../core/sync/contents/carry.ts";
import { InstanceSource } from "../../../core/sync/contents/instance_source.ts";
import { recordContents } from "../../../core/sync/contents/record.ts";
import { planContents } from "../../../core/sync/contents/plan.ts";
import { fetchContents, type Fetched } from "../../../core/sync/fetch/fetch.ts";
import { workspaceAt } from "../../lamin.ts";
import { noS3Server, s3Server } from "../../s3_server.ts";
import { test } from "../../skip.ts";
import { onlyLocal, onS3, ownPlaces } from "../../test_database.ts";
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
    const missing = source === "s3" || target === "s3" ? noS3Server ?? ownPlaces : undefined;
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

Deno.test(
  "bytes that are damaged at the source are refused by name, the others come",
  async () => {
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
  },
);

Deno.test("what the source lost is named, and what it never fetched itself", async () => {
  await withPair({ source: "disk", target: "disk" }, async (pair) => {
    await fill(pair);
    const uids = await syncRows(pair);
    const [gone] = objectsIn(pair.source.stored).filter((path) => path.endsWith(".bin"));
    Deno.removeSync(`${pair.source.stored}/.lamindb/objects/${gone}`);
    await both(pair, async (source, target) => {
      const back = await planContents(source, new InstanceSource(target), ["nobody0000000000000"]);
      assert.deepEqual(back.lacking.map(({ why }) => why.code), ["not_found"]);
      const described = await new InstanceSource(target).describe(uids);
      for (const one of described.values()) assert.ok("code" in one && one.code === "not_fetched");
      // Each object of a server is asked for when it is to come, and not before.
      const { lacking } = onS3
        ? await bring(pair, uids)
        : await planContents(target, new InstanceSource(source), uids);
      assert.deepEqual(lacking.map(({ why }) => [why.code, why.data["key"]]), [
        ["damaged", "large.bin"],
      ]);
    });
  });
});

test("a link in the source's storage that leads out of it is not followed", onlyLocal, async () => {
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

Deno.test(
  "a folder that came in part is not fetched, and only the rest of it comes",
  async () => {
    await withPair({ source: "disk", target: "disk" }, async (pair) => {
      for (let file = 0; file < 10; file++) pair.source.write(`f.zarr/${file}`, `${file}\n`);
      await pair.source.lamin("add", "f.zarr");
      const uids = await syncRows(pair);
      const whole = objectsIn(pair.source.stored);
      for (const path of whole.slice(0, 4)) {
        const [from, to] = [pair.source, pair.target].map(({ stored }) =>
          `${stored}/.lamindb/objects/${path}`
        );
        Deno.mkdirSync(to!.slice(0, to!.lastIndexOf("/")), { recursive: true });
        Deno.copyFileSync(from!, to!);
      }
      assert.match((await pair.target.run("get", "f.zarr")).stderr, /not fetched/);
      assert.equal((await pair.target.run("fsck", "--deep")).code, 0);
      const { files, fetched } = await bring(pair, uids);
      assert.deepEqual([files, fetched.length], [6, 1]);
      assert.deepEqual(objectsIn(pair.target.stored), whole);
    });
  },
);

test("a folder shares what the target has of it in another one", onlyLocal, async () => {
  await withPair({ source: "disk", target: "disk" }, async (pair) => {
    const { write, lamin } = pair.source;
    write("f.zarr/same", "same\n".repeat(100));
    write("f.zarr/0", "zero\n");
    await lamin("add", "f.zarr");
    const [first] = await syncRows(pair);
    await bring(pair, [first!]);
    write("f.zarr/0", "one\n");
    await lamin("add", "f.zarr");
    const uids = await syncRows(pair);
    const planned = await bring(pair, uids, true);
    const { bytes } = await bring(pair, uids);
    assert.deepEqual([planned.bytes, bytes], [4, 4]);
    const same = objectsIn(pair.target.stored).filter((path) => path.endsWith("/same"));
    const inodes = same.map((path) =>
      Deno.statSync(`${pair.target.stored}/.lamindb/objects/${path}`).ino
    );
    assert.deepEqual([inodes.length, inodes[0]], [2, inodes[1]]);
  });
});

Deno.test(
  "what an interruption leaves is whole, and the next time only the rest comes",
  async () => {
    await withPair({ source: "disk", target: "disk" }, async (pair) => {
      const count = 1200;
      for (let file = 0; file < count; file++) pair.source.write(`raw/${file}.txt`, `${file}\n`);
      await pair.source.lamin("add", "raw");
      const uids = await syncRows(pair);
      await both(pair, async (source, target) => {
        const parts = [{ source: new InstanceSource(source), uids }];
        let files = 0;
        const onProgress = (_: number, more: number) => {
          if ((files += more) > 1000) throw new Error("the way to the source ends");
        };
        const fetch = () => fetchContents(target, parts, { operation, dryRun: false, onProgress });
        await assert.rejects(fetch, /the way to the source ends/);
      });
      const came = objectsIn(pair.target.stored);
      assert.deepEqual([came.length, came.some((path) => path.startsWith("staging"))], [
        1000,
        false,
      ]);
      assert.equal((await pair.target.run("fsck", "--deep")).code, 0);
      const rest = await bring(pair, uids);
      assert.deepEqual([rest.objects, rest.fetched.length], [count - 1000, count]);
      assert.deepEqual(objectsIn(pair.target.stored), objectsIn(pair.source.stored));
    });
  },
);

test("bytes never share an inode with those of the source", onlyLocal, async () => {
  await withPair({ source: "disk", target: "disk" }, async (pair) => {
    await fill(pair);
    await bring(pair, await syncRows(pair));
    const inodesOf = (stored: string) =>
      objectsIn(stored).map((path) => Deno.statSync(`${stored}/.lamindb/objects/${path}`).ino);
    const there = new Set(inodesOf(pair.source.stored));
    assert.deepEqual(inodesOf(pair.target.stored).filter((inode) => there.has(inode)), []);
  });
});

Deno.test(
  "gc at the target waits until rows speak of what came, and says what it took",
  async () => {
    await withPair({ source: "disk", target: "disk" }, async (pair) => {
      await fill(pair);
      const uids = await syncRows(pair);
      await both(pair, async (source, target) => {
        const from = new InstanceSource(source);
        const carried = await carryContents(target, from, await planContents(target, from, uids));
        try {
          const before = objectsIn(pair.target.stored);
          await pair.target.lamin("gc", "--grace", "0", "--apply");
          assert.deepEqual(objectsIn(pair.target.stored), before);
          const [lost] = before.filter((path) => path.endsWith(".bin"));
          Deno.removeSync(`${pair.target.stored}/.lamindb/objects/${lost}`);
          const { result } = await mutate(target, operation, async (changes) => ({
            result: await recordContents(changes, target, carried.stored),
            summary: "some",
          }));
          assert.deepEqual(result.refused.map(({ why }) => [why.code, why.message]), [
            ["conflict", "the stored bytes of large.bin were just collected"],
          ]);
          assert.equal(result.recorded.length, uids.length - 1);
        } finally {
          carried.end();
        }
      });
      const { fetched, objects } = await bring(pair, uids);
      assert.deepEqual([fetched.length, objects], [1, 1]);
      assert.equal((await pair.target.run("fsck", "--deep")).code, 0);
    });
  },
);

Deno.test(
  "many fetch at once, and add the same, and each content is there once",
  async () => {
    await withPair({ source: "disk", target: "disk" }, async (pair) => {
      const { source, target } = pair;
      for (let file = 0; file < 60; file++) {
        source.write(`raw/${file}.csv`, `${file}\n`);
        if (file % 3 === 0) target.write(`raw/${file}.csv`, `${file}\n`);
      }
      await source.lamin("add", "raw");
      await syncRows(pair);
      const { run } = workspaceAt(target.root, target.home);
      const runs = await Promise.all([
        ...Array.from({ length: 3 }, () => run(["fetch", "--all", "--from", source.root])),
        ...Array.from({ length: 2 }, () => run(["add", "raw"])),
      ]);
      for (const { code, stderr } of runs) assert.equal(code, 0, stderr);
      assert.deepEqual(objectsIn(target.stored), objectsIn(source.stored));
      const checked = await target.run("fsck", "--deep");
      assert.deepEqual([checked.code, /unrecorded|unref/.test(checked.stdout)], [0, false]);
      assert.equal((await target.json("list", "artifact")).length, 60);
    });
  },
);

test("data in a storage that nobody manages stays there", noS3Server ?? ownPlaces, async () => {
  await withPair({ source: "s3", target: "disk" }, async (pair) => {
    const server = await s3Server();
    const bucket = await server.bucket();
    Deno.mkdirSync(`${server.folderOf(bucket)}/raw`);
    pair.source.write("a.csv", "a\n");
    await pair.source.lamin("add", "a.csv");
    Deno.writeTextFileSync(`${server.folderOf(bucket)}/raw/public.csv`, "public\n");
    await pair.source.lamin("add", `s3://${bucket}/raw/public.csv?endpoint_url=${server.endpoint}`);
    const named = (await pair.source.json("list", "artifact")).map(({ uid }) => uid);
    await both(pair, async (source, target) => {
      const plan = await planContents(target, new InstanceSource(source), named);
      assert.deepEqual([plan.planned.length, plan.settled, plan.lacking], [1, 1, []]);
    });
    const { fetched, lacking } = await bring(pair, await syncRows(pair));
    assert.deepEqual([fetched.length, lacking], [1, []]);
  });
});
