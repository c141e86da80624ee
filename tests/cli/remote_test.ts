import assert from "node:assert/strict";
import { countedRequests } from "../remote_like.ts";
import { withRemoteAtlas } from "./remote_atlas.ts";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";

test("remote: versions, folders, pipes and the way back to the work tree", ownPlaces, async () => {
  await withRemoteAtlas(async (atlas) => {
    const { write, lamin, run, read, remove, json } = atlas;
    write("raw/a.csv", "x,y\n1,2\n");
    write("raw/b.csv", "x,y\n3,4\n");
    write("plate/x.txt", "x\n");
    write("plate/sub/y.txt", "y\n");
    await lamin("add", "raw");
    await lamin("add", "plate", "--as", "folder");
    write("raw/a.csv", "x,y\n1,3\n");
    assert.match(await lamin("status"), /raw\/a\.csv/);
    await lamin("add", "raw/a.csv");
    write("plate/sub/y.txt", "another y\n");
    await lamin("add", "plate");
    assert.equal(await lamin("cat", "raw/a.csv"), "x,y\n1,3\n");
    assert.equal(await lamin("cat", "raw/a.csv@0"), "x,y\n1,2\n");
    assert.equal(await lamin("cat", "plate/x.txt"), "x\n");
    assert.match((await run("diff", "raw/a.csv@0", "raw/a.csv")).stdout, /3/);
    remove("raw");
    remove("plate");
    await lamin("get", "raw/a.csv", "raw/b.csv", "plate");
    assert.equal(read("plate/sub/y.txt"), "another y\n");
    assert.match(await lamin("status"), /clean|nothing/i);
    assert.equal((await run("fsck")).code, 0);
    const deep = await run("fsck", "--deep");
    assert.deepEqual([deep.code, deep.stderr], [0, ""], deep.stdout);
    const [row] = await json("show", "raw/b.csv");
    assert.match(row._real_key, /^\.lamindb\/objects\//);
  });
});

test("remote: removing, restoring, undoing and collecting", ownPlaces, async () => {
  await withRemoteAtlas(async ({ write, lamin, run, bucket }) => {
    write("a.csv", "x\n1\n");
    write("b.csv", "x\n2\n");
    await lamin("add", "a.csv", "b.csv");
    await lamin("rm", "a.csv", "--files");
    await lamin("restore", "a.csv");
    await lamin("rm", "b.csv", "--permanent", "--force");
    await lamin("undo");
    assert.equal(await lamin("cat", "b.csv"), "x\n2\n");
    await lamin("rm", "b.csv", "--permanent", "--force");
    const plan = await run("gc", "--grace", "0");
    assert.match(plan.stdout, /to delete: 1 object/);
    await lamin("gc", "--apply", "--grace", "0");
    assert.equal(objectsIn(bucket("lab")).length, 1);
    assert.equal((await run("fsck", "--deep")).code, 0);
    const undone = await run("undo", "--json");
    assert.notEqual(undone.code, 0);
  });
});

test(
  "remote: missing and damaged objects are found, and mended from the work tree",
  ownPlaces,
  async () => {
    await withRemoteAtlas(async ({ write, lamin, run, bucket }) => {
      write("a.csv", "x\n1\n");
      write("b.csv", "x\n2\n");
      write("plate/x.txt", "x\n");
      await lamin("add", "a.csv", "b.csv");
      await lamin("add", "plate", "--as", "folder");
      const [first, second] = objectsIn(bucket("lab"));
      Deno.removeSync(first!);
      Deno.chmodSync(second!, 0o644);
      Deno.writeTextFileSync(second!, "???\n");
      assert.equal((await run("fsck")).code, 13);
      assert.equal((await run("fsck", "--deep", "--repair")).code, 0);
      const after = await run("fsck", "--deep");
      assert.equal(after.code, 0, after.stdout);
    });
  },
);

test(
  "remote: 2,000 files are added with few questions, and again with none",
  ownPlaces,
  async () => {
    await withRemoteAtlas(async ({ write, lamin, server }) => {
      for (let index = 0; index < 2000; index++) {
        write(`many/${index % 50}/${index}.txt`, `${index}\n`);
      }
      countedRequests(server);
      await lamin("add", "many");
      const first = countedRequests(server);
      assert.equal(first.put, 2000);
      assert.ok(first.head + first.list + first.get <= 10, JSON.stringify(first));
      await lamin("add", "many");
      const again = countedRequests(server);
      assert.equal(again.put + again.head + again.get, 0, JSON.stringify(again));
      assert.ok(again.list <= 5, JSON.stringify(again));
      await lamin("fsck");
      const checked = countedRequests(server);
      assert.ok(checked.head + checked.get === 0 && checked.list <= 10, JSON.stringify(checked));
      await lamin("gc");
      const collected = countedRequests(server);
      assert.ok(collected.head + collected.get === 0, JSON.stringify(collected));
      assert.ok(collected.list <= 10, JSON.stringify(collected));
    });
  },
);

/** Absolute paths of the objects of a bucket that are files, in order. */
function objectsIn(folder: string): string[] {
  const found: string[] = [];
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { name, isDirectory } of Deno.readDirSync(next)) {
      if (isDirectory) pending.push(`${next}/${name}`);
      else found.push(`${next}/${name}`);
    }
  }
  return found.sort();
}

test("remote: many small files are fetched many at a time", ownPlaces, async () => {
  await withRemoteAtlas(async ({ write, lamin, remove, read, server }) => {
    for (let index = 0; index < 200; index++) write(`many/${index}.txt`, `${index}\n`);
    for (let index = 0; index < 50; index++) write(`plate/${index}.txt`, `p${index}\n`);
    await lamin("add", "many");
    await lamin("add", "plate", "--as", "folder");
    remove("many");
    remove("plate");
    server.most.underWay = 0;
    countedRequests(server);
    await lamin("get", "many", "plate");
    const { get, head } = countedRequests(server);
    assert.deepEqual([get, head], [250, 250]);
    assert.ok(server.most.underWay >= 8, `${server.most.underWay} at a time`);
    assert.ok(server.most.underWay <= 32, `${server.most.underWay} at a time`);
    assert.equal(read("many/7.txt") + read("plate/9.txt"), "7\np9\n");
  });
});

test(
  "remote: large content comes in pieces, and a cut or changed one not at all",
  ownPlaces,
  async () => {
    await withRemoteAtlas(
      async ({ write, lamin, run, path: pathOf, remove, exists, json, bucket, server }) => {
        const bytes = new Uint8Array(20 * 1024 * 1024 + 17).map((_, index) => index * 7);
        write("large.bin", bytes);
        await lamin("add", "large.bin");
        remove("large.bin");
        const [{ _real_key: name }] = await json("show", "large.bin");
        const path = `${bucket("lab")}/atlas/${name}`;
        Deno.chmodSync(path, 0o644);
        const damaged = bytes.slice();
        damaged[bytes.length - 1]! ^= 1;
        for (const wrong of [damaged, bytes.subarray(0, 9 * 1024 * 1024)]) {
          Deno.writeFileSync(path, wrong);
          assert.equal((await run("get", "large.bin")).code, 13);
          assert.equal(exists("large.bin"), false);
          assert.equal((await run("cat", "large.bin", "-q")).code, 13);
        }
        Deno.writeFileSync(path, bytes);
        countedRequests(server);
        await lamin("get", "large.bin");
        assert.equal(countedRequests(server).get, 21, "pieces of 1 MiB");
        remove("large.bin");
        await lamin("get", "large.bin");
        assert.equal(countedRequests(server).get, 0, "it is in the cache");
        assert.ok(
          Deno.readFileSync(pathOf("large.bin")).every((byte, index) => byte === bytes[index]),
        );
        assert.match(await lamin("status"), /clean|nothing/i);
      },
    );
  },
);
