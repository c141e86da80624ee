/** Several storages of one instance: folders, and buckets on a real S3 server. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { noS3Server } from "../s3_server.ts";
import { test } from "../skip.ts";
import { type Machine, machineAt, withBuckets } from "./bucket_place.ts";
import { ownPlaces } from "../test_database.ts";

async function withMachine(work: (machine: Machine, base: string) => Promise<void>): Promise<void> {
  const base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  try {
    for (const name of ["atlas", "home", "big"]) Deno.mkdirSync(`${base}/${name}`);
    await work(machineAt({ folder: `${base}/atlas`, home: `${base}/home` }), base);
  } finally {
    Deno.removeSync(base, { recursive: true });
  }
}

/** How many folders of objects a storage has. */
function objectsIn(folder: string): number {
  const listed = new Deno.Command("ls", { args: [`${folder}/.lamindb/objects`] }).outputSync();
  const names = new TextDecoder().decode(listed.stdout).split("\n");
  return names.filter((name) => /^[0-9a-f]{2}$/.test(name)).length;
}

test("storage: a folder takes what is new, and versions go on across both", ownPlaces, async () => {
  await withMachine(async (atlas, base) => {
    await atlas.lamin("init");
    atlas.write("a.txt", "one");
    await atlas.lamin("add", "a.txt");
    const [added] = await atlas.json("storage", "add", "../big");
    assert.deepEqual([added.root, added.type, added.role], [`${base}/big`, "local", "managed"]);
    assert.match(
      Deno.readTextFileSync(`${base}/big/.lamindb/storage_uid.txt`),
      /^\w{12}\ncreation/,
    );
    await atlas.lamin("storage", "switch", added.uid.slice(0, 6));
    atlas.write("a.txt", "two");
    const [next] = await atlas.json("add", "a.txt");
    assert.equal(next.status, "new version");
    assert.equal(objectsIn(`${base}/big`), 1);
    assert.equal(await atlas.lamin("status", "--json"), "");
    assert.equal(await atlas.lamin("cat", "a.txt@0"), "one");
    assert.equal(await atlas.lamin("cat", "a.txt"), "two");
    await atlas.lamin("storage", "switch", "own");
    atlas.write("a.txt", "three");
    assert.equal((await atlas.json("add", "a.txt"))[0].status, "new version");
    assert.match(await atlas.lamin("fsck", "--deep"), /3 artifacts read, no damage/);
    const rows = await atlas.json("storage");
    assert.deepEqual(
      rows.map(({ root, role, is_current }) => [root, role, is_current]),
      [[`${base}/atlas`, "own", true], [`${base}/big`, "managed", false]],
    );
    const [again] = await atlas.json("storage", "add", `${base}/big/`);
    assert.equal(again.uid, added.uid);
    await atlas.lamin("undo"); // of the last addition
    assert.equal(await atlas.lamin("cat", "a.txt"), "two");
  });
});

test("storage: what cannot be one, and what is another's, is refused", ownPlaces, async () => {
  await withMachine(async (atlas, base) => {
    await atlas.lamin("init");
    const other = machineAt({ folder: `${base}/other`, home: atlas.home });
    Deno.mkdirSync(other.folder);
    await other.lamin("init");
    const [foreign] = await atlas.json("storage", "add", other.folder);
    assert.equal(foreign.role, "foreign");
    const cases: [string[], number, RegExp][] = [
      [["add", "../none"], 1, /there is no folder .*none/],
      [["add", "ftp://host/x"], 2, /'ftp' is no kind of storage/],
      [["add", "../big/.lamindb"], 1, /there is no folder/],
      [["add", `${base}/atlas/.lamindb`], 2, /lies inside the storage of an instance/],
      [["switch", foreign.uid], 12, /is not this instance's to write to/],
      [["switch", "nowhere"], 1, /has no storage 'nowhere'/],
      [["add"], 2, /needs a folder or a URL/],
      [["swich", "own"], 2, /does not know 'swich'/],
    ];
    for (const [words, code, message] of cases) {
      const said = await atlas.run("storage", ...words);
      assert.deepEqual([said.code, said.stdout], [code, ""], words.join(" "));
      assert.match(said.stderr, message);
    }
    Deno.mkdirSync(`${atlas.folder}/inner`);
    assert.match((await atlas.run("storage", "add", "inner")).stderr, /lie in each other/);
    Deno.writeTextFileSync(`${atlas.folder}/.lamin/current_storage`, "AAAAAAAAAAAA\n");
    const lost = await atlas.run("list", "artifact");
    assert.deepEqual([lost.code, lost.stdout], [1, ""]);
    assert.match(lost.stderr, /should go to storage AAAAAAAAAAAA, which is not there/);
  });
});

test("storage: a bucket takes what is new, and is probed call by call", noS3Server, async () => {
  await withBuckets(async ({ root, folder, machine }) => {
    const atlas = machine("atlas");
    await atlas.lamin("init");
    await atlas.lamin("storage", "add", root);
    await atlas.lamin("storage", "switch", root);
    atlas.write("raw/a.txt", "in the bucket");
    await atlas.lamin("add", "raw");
    assert.equal(objectsIn(folder), 1);
    Deno.removeSync(`${atlas.folder}/raw`, { recursive: true });
    await atlas.lamin("get", "raw/a.txt");
    assert.equal(atlas.read("raw/a.txt"), "in the bucket");
    await atlas.lamin("rm", "raw/a.txt", "--permanent", "--force");
    const grace = ["--grace", "0"];
    assert.match(
      await atlas.lamin("gc", ...grace),
      /nothing to delete/,
      "the own storage has none",
    );
    assert.match(await atlas.lamin("gc", "--storage", root, ...grace), /13 B/);
    await atlas.lamin("gc", "--storage", root, ...grace, "--apply");
    assert.equal(objectsIn(folder), 0);
    const calls = await atlas.json("storage", "probe");
    assert.ok(calls.length >= 9);
    assert.deepEqual(calls.filter(({ result }) => result !== "works"), []);
    const wrong = machineAt({
      ...atlas,
      environment: { ...atlas.environment, AWS_SECRET_ACCESS_KEY: "no secret" },
    });
    const probed = await wrong.run("storage", "probe", root);
    assert.equal(probed.code, 1);
    assert.match(probed.stdout, /✗ write +s3:PutObject\n +the server takes the keys/);
    assert.doesNotMatch(probed.stdout + probed.stderr, /testkey|no secret/);
  });
});

test("storage: a server that only rows name is never asked", noS3Server ?? ownPlaces, async () => {
  await withBuckets(async ({ root, machine }) => {
    const atlas = machine("atlas");
    await atlas.lamin("init");
    await atlas.lamin("storage", "add", root);
    await atlas.lamin("storage", "switch", root);
    atlas.write("a.txt", "a");
    await atlas.lamin("add", "a.txt");
    // The instance comes to somebody else, with rows that name a server of the sender's choice.
    const victim = machine("victim");
    await new Deno.Command("cp", { args: ["-r", `${atlas.folder}/.`, victim.folder] }).output();
    let asked = 0;
    const trap = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
      asked++;
      return new Response("caught");
    });
    try {
      const evil = `s3://loot/x?endpoint_url=http://127.0.0.1:${trap.addr.port}`;
      const database = new DatabaseSync(`${victim.folder}/.lamindb/lamin.db`);
      database.prepare("UPDATE lamindb_storage SET root = ? WHERE type = 's3'").run(evil);
      database.close();
      Deno.removeSync(`${victim.folder}/a.txt`);
      for (
        const words of [["cat", "a.txt"], ["get", "a.txt"], ["status"], ["fsck"], ["add", "."]]
      ) {
        await victim.run(...words);
      }
      const said = await victim.run("cat", "a.txt");
      assert.equal(said.code, 12, said.stderr);
      assert.match(said.stderr, /which you never named on this machine/);
      assert.equal(asked, 0);
    } finally {
      await trap.shutdown();
    }
  });
});
