import assert from "node:assert/strict";
import { countedRequests } from "../remote_like.ts";
import { putObject, withRemoteAtlas } from "./remote_atlas.ts";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";

test("cache: what was read needs no network again, until it is cleared", ownPlaces, async () => {
  await withRemoteAtlas(async (atlas) => {
    const { lamin, run, json, write, read, remove, server, home } = atlas;
    write("raw/a.csv", "x\n1\n");
    write("raw/b.csv", "x\n2\n");
    write("plate/x.txt", "x\n");
    putObject(atlas, "data/c.csv", "x\n3\n");
    await lamin("add", "raw");
    await lamin("add", "plate", "--as", "folder");
    await lamin("add", "s3://data/c.csv");
    remove("raw");
    remove("plate");
    await lamin("get", "raw/a.csv", "plate");
    await lamin("cat", "c.csv");
    server.isReachable = false;
    countedRequests(server);
    remove("raw");
    remove("plate");
    await lamin("get", "raw/a.csv", "plate");
    assert.equal(read("raw/a.csv") + read("plate/x.txt"), "x\n1\nx\n");
    assert.equal(await lamin("cat", "c.csv"), "x\n3\n");
    assert.equal(await lamin("cat", "raw/a.csv"), "x\n1\n");
    assert.match(await lamin("head", "c.csv"), /3/);
    assert.deepEqual(Object.values(countedRequests(server)).filter((count) => count > 0), []);
    const offline = await run("cat", "raw/b.csv");
    assert.deepEqual([offline.code, offline.stdout], [1, ""]);
    const [shown] = await json("cache", "show");
    assert.equal(shown.folder, `${home}/.cache/lamin`);
    assert.deepEqual([shown.count, shown.size], [3, 10]);
    assert.deepEqual(
      shown.entries.map(({ name }: { name: string }) => name).sort(),
      ["c.csv", "plate/x.txt", "raw/a.csv"],
    );
    assert.match(await lamin("cache"), /3 contents, 10 B of 20\.0 GB/);
    assert.deepEqual(await json("cache", "clear", "raw/a.csv"), [{ size: 4, count: 1 }]);
    assert.equal((await run("cat", "raw/a.csv")).code, 1);
    assert.deepEqual(await json("cache", "clear", "--all"), [{ size: 6, count: 2 }]);
    assert.deepEqual((await json("cache"))[0].entries, []);
    assert.equal((await run("cache", "clear")).code, 2);
  });
});

test(
  "cache: damaged bytes are neither given nor kept, and a damaged copy is let go",
  ownPlaces,
  async () => {
    await withRemoteAtlas(async (atlas) => {
      const { lamin, run, json, write, remove, bucket, server } = atlas;
      write("a.csv", "x\n1\n");
      await lamin("add", "a.csv");
      remove("a.csv");
      const [{ _real_key: name }] = await json("show", "a.csv");
      const path = `${bucket("lab")}/atlas/${name}`;
      Deno.chmodSync(path, 0o644);
      Deno.writeTextFileSync(path, "x\n9\n");
      const said = await run("cat", "a.csv");
      assert.deepEqual([said.code, said.stdout], [13, ""]);
      assert.equal((await json("cache"))[0].count, 0);
      Deno.writeTextFileSync(path, "x\n1\n");
      assert.equal(await lamin("cat", "a.csv"), "x\n1\n");
      const [{ folder, entries: [{ key }] }] = await json("cache");
      damageKeepingTimes(`${folder}/objects/${key.slice(0, 2)}/${key}`);
      const wrong = await run("cat", "a.csv");
      assert.deepEqual([wrong.code, wrong.stdout], [13, ""]);
      assert.equal(await lamin("cat", "a.csv"), "x\n1\n", "it was fetched anew");
      assert.ok(countedRequests(server).get > 0);
    });
  },
);

/** As a disk does it: nothing tells of it. */
function damageKeepingTimes(path: string): void {
  const { mtime, atime } = Deno.statSync(path);
  Deno.chmodSync(path, 0o600);
  Deno.writeTextFileSync(path, "x\n7\n");
  Deno.utimeSync(path, atime!, mtime!);
}

test("cache: the settings bound it and say where it is", ownPlaces, async () => {
  await withRemoteAtlas(async (atlas) => {
    const { lamin, json, run, write, remove, home } = atlas;
    await lamin("config", "set", "cache.limit", "1KB");
    await lamin("config", "set", "cache.dir", `${home}/elsewhere`);
    for (let index = 0; index < 5; index++) write(`raw/${index}.txt`, `${index}`.repeat(300));
    await lamin("add", "raw");
    remove("raw");
    await lamin("get", "raw");
    const [{ folder, limit, size, count }] = await json("cache", "show");
    assert.deepEqual([folder, limit], [`${home}/elsewhere`, 1024]);
    assert.ok(size <= 1024 && count > 0, `${count} of ${size} bytes`);
    assert.equal((await run("config", "set", "cache.limit", "much")).code, 2);
    assert.equal((await run("config", "set", "cache.dir", "relative")).code, 2);
    await lamin("config", "unset", "cache.limit");
    assert.equal((await json("cache"))[0].limit, 20 * 1024 ** 3);
  });
});
