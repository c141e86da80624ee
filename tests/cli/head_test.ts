import assert from "node:assert/strict";
import { withAtlas } from "./atlas.ts";
import { countedRequests } from "../remote_like.ts";
import { putObject, withRemoteAtlas } from "./remote_atlas.ts";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";

const table = new URL("../fixtures/parquet", import.meta.url).pathname;

Deno.test("head: rows of tables and lines of texts", async () => {
  await withAtlas(async ({ lamin, json, run, write }) => {
    write("a.csv", "gene,count\nTP53,1\nMYC,2\nEGFR,3\n");
    write("notes.txt", "one\r\ntwo\nthree");
    write("plate/x.tsv", "a\tb\n1\t2\n");
    write("empty.csv", "");
    write("bytes.bin", new Uint8Array([0, 1, 2, 255]));
    await lamin("add", "a.csv", "notes.txt", "empty.csv", "bytes.bin");
    await lamin("add", "plate", "--as", "folder");
    assert.equal(await lamin("head", "a.csv", "-n", "2"), "gene  count\nTP53  1\nMYC   2\n");
    assert.deepEqual(await json("head", "a.csv", "-n1"), [{ gene: "TP53", count: "1" }]);
    assert.equal(
      await lamin("head", "a.csv", "--format", "{gene}={count}"),
      "TP53=1\nMYC=2\nEGFR=3\n",
    );
    assert.equal(await lamin("head", "notes.txt", "-n", "2"), "one\ntwo\n");
    assert.deepEqual(await json("head", "notes.txt"), [
      { line: 1, text: "one" },
      { line: 2, text: "two" },
      { line: 3, text: "three" },
    ]);
    assert.deepEqual(await json("head", "plate/x.tsv"), [{ a: "1", b: "2" }]);
    assert.deepEqual(await json("head", "plate", "--path", "x.tsv"), [{ a: "1", b: "2" }]);
    assert.equal(await lamin("head", "a.csv", "-n", "0"), "gene  count\n");
    assert.equal((await run("head", "empty.csv")).code, 0);
    const binary = await run("head", "bytes.bin");
    assert.deepEqual([binary.code, binary.stdout], [2, ""]);
    assert.match(binary.stderr, /no rows or lines/);
    assert.equal((await run("head", "plate")).code, 2);
    assert.equal((await run("head", "none.csv")).code, 1);
  });
});

test(
  "head: of a large table on a server only a part is read, and a note says so",
  ownPlaces,
  async () => {
    await withRemoteAtlas(async (atlas) => {
      const { lamin, run, json, server } = atlas;
      const line = (index: number) => `gene${index},${index}\n`;
      const lines = Array.from({ length: 900_000 }, (_, index) => line(index)).join("");
      putObject(atlas, "data/large.csv", `gene,count\n${lines}`);
      await lamin("add", "s3://data/large.csv");
      countedRequests(server);
      const said = await run("head", "large.csv", "-n", "2", "--json");
      assert.equal(said.code, 0, said.stderr);
      assert.equal(said.stdout, '{"gene":"gene0","count":"0"}\n{"gene":"gene1","count":"1"}\n');
      assert.match(said.stderr, /not compared with the recorded hash/);
      assert.ok(server.bytes.read < 2 * 1024 * 1024, `${server.bytes.read} bytes were read`);
      assert.equal((await json("cache"))[0].count, 0);
      await lamin("get", "large.csv");
      countedRequests(server);
      assert.equal((await run("head", "large.csv", "-n", "1")).code, 0);
      assert.equal(server.bytes.read, 0, "it is in the cache now");
    });
  },
);

Deno.test("head: parquet, with numbers as numbers", async () => {
  await withAtlas(async ({ lamin, json, write }) => {
    for (const { name } of Deno.readDirSync(table)) {
      if (!name.endsWith(".parquet")) continue;
      write(name, Deno.readFileSync(`${table}/${name}`));
      await lamin("add", name);
      const rows = await json("head", name, "-n", "3");
      assert.ok(rows.length <= 3, name);
    }
  });
});
