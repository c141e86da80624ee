import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { countedRequests } from "../remote_like.ts";
import { putObject, sql, withRemoteAtlas } from "./remote_atlas.ts";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";

/** LaminDB's hash of a small content. */
function md5(content: string): string {
  return createHash("md5").update(content).digest("base64url");
}

test(
  "register: objects of a bucket, where they lie, as Python records them",
  ownPlaces,
  async () => {
    await withRemoteAtlas(async (atlas) => {
      const { lamin, json, database } = atlas;
      putObject(atlas, "data/run7/a.csv", "x\n1\n");
      putObject(atlas, "data/run7/deep/b.txt", "b\n");
      putObject(atlas, "data/run7/.lamindb/lamin.db", "another instance");
      const planned = await json("add", "s3://data/run7/", "--dry-run");
      assert.deepEqual(planned.map(({ status, id }) => [status, id]), [["added", null], [
        "added",
        null,
      ]]);
      await lamin("add", "s3://data/run7/");
      const [row] = await json("show", "run7/a.csv");
      assert.equal(row.hash, md5("x\n1\n"));
      assert.deepEqual(
        [row._hash_type, row.size, row._real_key, row._key_is_virtual, row.suffix, row.n_files],
        ["md5", 4, null, false, ".csv", null],
      );
      const storage = new DatabaseSync(database, { readOnly: true })
        .prepare("SELECT * FROM lamindb_storage WHERE id = 2").get()!;
      assert.deepEqual(
        [storage.root, storage.type, storage.instance_uid],
        ["s3://data", "s3", null],
      );
      assert.match(String(storage.uid), /^[0-9A-Za-z]{12}$/);
      const again = await json("add", "s3://data/run7/");
      assert.deepEqual(again.map(({ status }) => status), ["unchanged", "unchanged"]);
      assert.equal(await lamin("cat", "run7/deep/b.txt"), "b\n");
    });
  },
);

test(
  "register: a replaced object is a new version, and the old one damaged",
  ownPlaces,
  async () => {
    await withRemoteAtlas(async (atlas) => {
      const { lamin, json, run } = atlas;
      putObject(atlas, "data/a.csv", "x\n1\n");
      await lamin("add", "s3://data/a.csv");
      putObject(atlas, "data/a.csv", "x\n2\n");
      const said = await run("cat", "a.csv");
      assert.deepEqual([said.code, said.stdout], [13, ""]);
      assert.equal((await run("fsck", "--deep")).code, 13);
      const [added] = await json("add", "s3://data/a.csv");
      assert.equal(added.status, "new version");
      assert.equal(await lamin("cat", "a.csv"), "x\n2\n");
    });
  },
);

test(
  "register: a folder as one artifact has LaminDB's hash of it, and is compared by it",
  ownPlaces,
  async () => {
    await withRemoteAtlas(async (atlas) => {
      const { lamin, json, run, read } = atlas;
      putObject(atlas, "data/set/x", "one\n");
      putObject(atlas, "data/set/sub/yy", "two\n");
      await lamin("add", "s3://data/set/", "--as", "folder", "--key", "sets/first");
      const [row] = await json("show", "sets/first");
      const hashes = [md5("one\n"), md5("two\n")].sort().map((hash) =>
        createHash("md5").update(hash).digest()
      );
      const all = createHash("md5");
      for (const hash of hashes) all.update(hash);
      assert.equal(row.hash, all.digest("base64url"));
      assert.deepEqual(
        [row._hash_type, row.size, row.n_files, row._real_key, row._key_is_virtual],
        ["md5-d", 8, 2, "set", true],
      );
      assert.equal(await lamin("cat", "sets/first/sub/yy"), "two\n");
      await lamin("get", "sets/first");
      assert.equal(read("sets/first/x"), "one\n");
      assert.equal((await run("fsck", "--deep")).code, 0);
      putObject(atlas, "data/set/x", "ONE\n");
      assert.equal((await run("cat", "sets/first/x")).code, 13);
      assert.equal((await run("fsck", "--deep")).code, 13);
    });
  },
);

test("register: what is refused says why, and nothing is changed", ownPlaces, async () => {
  await withRemoteAtlas(async (atlas) => {
    const { run, write, json } = atlas;
    write("here.csv", "x\n");
    putObject(atlas, "data/a.csv", "x\n");
    putObject(atlas, "data/b/a.csv", "x\n");
    const cases: [string[], number, RegExp][] = [
      [["s3://data/none.csv"], 1, /nothing at none\.csv in s3:\/\/data/],
      [["s3://data/none/"], 1, /nothing at none/],
      [["s3://data"], 2, /names no file or folder/],
      [["s3://data/"], 2, /names no file or folder/],
      [["ftp://data/a.csv"], 2, /no way to ftp/],
      [["s3://data/a.csv", "here.csv"], 2, /do not go along/],
      [["s3://data/a.csv", "--link"], 2, /--link needs files/],
      [["s3://data/a.csv", "--key", "a.txt"], 2, /ends in '\.txt'/],
      [["s3://data/a.csv", "s3://data/b/a.csv", "--key", "c.csv"], 2, /several/],
    ];
    for (const [words, code, sentence] of cases) {
      const said = await run("add", ...words);
      assert.equal(said.code, code, `${words.join(" ")}: ${said.stderr}`);
      assert.match(said.stderr, sentence);
    }
    assert.deepEqual(await json("list", "artifact"), []);
  });
});

test("register: many objects are listed once, and none is looked at", ownPlaces, async () => {
  await withRemoteAtlas(async (atlas) => {
    const { lamin, server } = atlas;
    for (let index = 0; index < 2500; index++) {
      putObject(atlas, `lab/atlas/data/${index % 10}/${index}.txt`, `${index}`);
    }
    countedRequests(server);
    assert.match(await lamin("add", "s3://lab/atlas/data/"), /2500 artifacts added/);
    const { list, head, get } = countedRequests(server);
    assert.deepEqual([list, head, get], [3, 0, 0]);
    assert.match(await lamin("add", "s3://lab/atlas/data/"), /2500 unchanged/);
  });
});

test("register: a server that only rows name is never asked", ownPlaces, async () => {
  await withRemoteAtlas(async (atlas) => {
    const { lamin, run, home, database, server } = atlas;
    putObject(atlas, "data/a.csv", "x\n1\n");
    await lamin("add", "s3://data/a.csv");
    sql(database, "UPDATE lamindb_storage SET root = 's3://stranger' WHERE id = 2");
    Deno.mkdirSync(`${server.folder}/stranger`);
    Deno.copyFileSync(`${server.folder}/data/a.csv`, `${server.folder}/stranger/a.csv`);
    countedRequests(server);
    const said = await run("cat", "a.csv");
    assert.equal(said.code, 12);
    assert.match(said.stderr, /s3:\/\/stranger, which you never named/);
    assert.equal(Object.values(countedRequests(server)).reduce((a, b) => a + b), 0);
    assert.equal((await run("fsck")).code, 0);
    assert.match((await run("fsck")).stdout, /unreachable/);
    await lamin("config", "set", "storages", "s3://stranger");
    assert.equal(await lamin("cat", "a.csv"), "x\n1\n");
    assert.match(Deno.readTextFileSync(`${home}/.lamin/lamin.json`), /stranger/);
  });
});

test(
  "register: another key leaves the bytes where they are, and an undo too",
  ownPlaces,
  async () => {
    await withRemoteAtlas(async (atlas) => {
      const { lamin, json, run } = atlas;
      putObject(atlas, "data/a.csv", "x\n1\n");
      putObject(atlas, "lab/atlas/placed/b.csv", "x\n2\n");
      await lamin("add", "s3://data/a.csv", "s3://lab/atlas/placed/b.csv");
      await lamin("mv", "a.csv", "raw/z.csv");
      await lamin("mv", "placed", "moved");
      assert.equal(await lamin("cat", "raw/z.csv"), "x\n1\n");
      assert.equal(await lamin("cat", "moved/b.csv"), "x\n2\n");
      const [row] = await json("show", "moved/b.csv");
      assert.deepEqual([row._real_key, row._key_is_virtual], ["placed/b.csv", true]);
      assert.equal((await run("fsck", "--deep")).code, 0);
      await lamin("undo");
      const [back] = await json("show", "placed/b.csv");
      assert.deepEqual([back._real_key, back._key_is_virtual], [null, false]);
      assert.equal(await lamin("cat", "placed/b.csv"), "x\n2\n");
      const [undone] = await json("op", "log", "-n", "1");
      await lamin("undo", undone.uid);
      assert.equal(await lamin("cat", "moved/b.csv"), "x\n2\n");
      assert.match(await lamin("status"), /Not fetched/);
    });
  },
);

test("register: which server a bucket is on is part of its storage", ownPlaces, async () => {
  await withRemoteAtlas(async (atlas) => {
    const { lamin, json } = atlas;
    putObject(atlas, "data/a.csv", "x\n1\n");
    const endpoint = "?endpoint_url=http://127.0.0.1:9000";
    await lamin("add", `s3://data/a.csv${endpoint}`);
    const [row] = await json("show", "a.csv");
    assert.equal(row.path, `s3://data/a.csv${endpoint}`);
    assert.match(await lamin("list", "storage"), /s3:\/\/data\?endpoint_url=/);
    const [again] = await json("add", `s3://data/a.csv${endpoint}`);
    assert.equal(again.status, "unchanged");
    const [other] = await json("add", "s3://data/a.csv");
    assert.equal(other.status, "added", "another server, another storage");
  });
});
