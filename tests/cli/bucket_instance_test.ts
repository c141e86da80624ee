/** Instances whose database lies in a bucket, on a real S3 server. */

import assert from "node:assert/strict";
import { denoHost } from "../../store/host/deno.ts";
import { openVersionedBlobs } from "../../store/objects/open_versioned_blobs.ts";
import { noS3Server, withKeys } from "../s3_server.ts";
import { test } from "../skip.ts";
import { command } from "../lamin.ts";
import { type Machine, withBuckets } from "./bucket_place.ts";
import { ownPlaces } from "../test_database.ts";

test(
  "bucket instance: two machines work on one, and nothing lies beside the data",
  noS3Server ?? ownPlaces,
  async () => {
    await withBuckets(async ({ root, folder, machine }) => {
      const here = machine("here");
      const [made] = await here.json("init", "--storage", root, "--name", "shared");
      assert.deepEqual([made.slug, made.root], ["anonymous/shared", root]);
      assert.deepEqual([...Deno.readDirSync(here.folder)].map(({ name }) => name), [".lamin"]);
      here.write("raw/a.csv", "x\n1\n");
      const [added] = await here.json("add", "raw");
      assert.equal(added.key, "raw/a.csv");
      assert.ok(Deno.statSync(`${folder}/.lamindb/lamin.db`).isFile);
      const there = machine("there");
      assert.match(await there.lamin("connect", root, "--here"), /connected anonymous\/shared/);
      await there.lamin("get", "raw/a.csv");
      assert.equal(there.read("raw/a.csv"), "x\n1\n");
      assert.equal(await there.lamin("status", "--json"), "");
      there.write("raw/a.csv", "x\n2\n");
      const [next] = await there.json("add", "raw/a.csv");
      assert.equal(next.status, "new version");
      const [changed] = await here.json("status");
      assert.deepEqual([changed.status, changed.path], ["modified", "raw/a.csv"]);
      assert.deepEqual((await here.json("op", "log")).map(({ verb }) => verb), ["add", "add"]);
      await here.lamin("undo");
      assert.equal(await there.lamin("cat", "raw/a.csv"), "x\n1\n");
      assert.match(await there.lamin("fsck", "--deep"), /no damage/);
      assert.match(await there.lamin("info"), /database +s3:\/\/bucket-[^?]*\/lamin\.db, /);
    });
  },
);

test(
  "bucket instance: by its URL alone it is read, and nothing is noted",
  noS3Server ?? ownPlaces,
  async () => {
    await withBuckets(async ({ root, machine }) => {
      const here = machine("here");
      await here.lamin("init", "--storage", root);
      here.write("a.txt", "a");
      await here.lamin("add", "a.txt");
      const guest = machine("guest");
      assert.equal(await guest.lamin("-C", root, "cat", "a.txt"), "a");
      const [row] = await guest.json("-C", `${root.replace("?", "/?")}`, "list", "artifact");
      assert.equal(row.key, "a.txt");
      assert.deepEqual([...Deno.readDirSync(guest.folder)], []);
      assert.throws(() => Deno.statSync(`${guest.home}/.lamin`), Deno.errors.NotFound);
    });
  },
);

test(
  "bucket instance: what an init left that died is gone on with",
  noS3Server ?? ownPlaces,
  async () => {
    await withBuckets(async ({ root, folder, machine }) => {
      const here = machine("here");
      await here.lamin("init", "--storage", root, "--name", "one");
      const mark = Deno.readTextFileSync(`${folder}/.lamindb/storage_uid.txt`);
      const blobs = await openVersionedBlobs(withKeys(denoHost()), root);
      const again = async (name: string) =>
        await here.run("init", "--storage", root, "--name", name);
      const forget = () => {
        Deno.removeSync(`${here.folder}/.lamin`, { recursive: true });
        Deno.removeSync(`${here.home}/.lamin`, { recursive: true });
      };
      // Before the database was put there, and before anything of it was noted here.
      Deno.removeSync(`${folder}/.lamindb/lamin.db`);
      assert.equal(await blobs.look(".lamindb/lamin.db"), undefined);
      forget();
      assert.equal((await again("two")).code, 1, "it is another one's");
      assert.equal((await again("one")).code, 0);
      assert.equal(await here.lamin("list", "artifact", "--json"), "");
      forget();
      assert.equal((await again("one")).code, 0, "only the notes here are missing");
      assert.equal((await again("one")).code, 1, "it is whole");
      assert.equal(Deno.readTextFileSync(`${folder}/.lamindb/storage_uid.txt`), mark);
    });
  },
);

test("bucket instance: what stands in the way is said in a sentence", noS3Server, async () => {
  await withBuckets(async ({ root, folder, machine }) => {
    const here = machine("here");
    const none = await here.run("-C", root, "list", "artifact");
    assert.equal(none.code, 10, none.stderr);
    assert.match(none.stderr, /there is no instance in s3:/);
    await here.lamin("init", "--storage", root, "--name", "one");
    const again = await machine("other").run("init", "--storage", root, "--name", "two");
    assert.equal(again.code, 1);
    assert.match(again.stderr, /there is already an instance in s3:/);
    const strange = machine("strange");
    const stranger = {
      ...strange,
      environment: { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" },
    };
    const { say } = await import("./in_process.ts");
    const refused = await say(stranger, "-C", root, "list", "artifact");
    assert.equal(refused.code, 12, refused.stderr);
    assert.doesNotMatch(refused.stderr, /at .*\.ts:/);
    Deno.writeTextFileSync(`${folder}/.lamindb/lamin.db`, "no database");
    const damaged = await machine("late").run("-C", root, "list", "artifact");
    assert.equal(damaged.code, 13, damaged.stderr);
  });
});

test(
  "bucket instance: many processes on several machines lose nothing",
  noS3Server ?? ownPlaces,
  async () => {
    await withBuckets(async ({ root, machine }) => {
      const machines = ["m0", "m1", "m2"].map(machine);
      const [first, ...others] = machines;
      await first!.lamin("init", "--storage", root, "--name", "shared");
      for (const one of others) await one.lamin("connect", root, "--here");
      const runs = machines.flatMap((one, at) =>
        ["a", "b", "c"].map(async (name) => {
          one.write(`${at}/${name}.txt`, `${at} ${name}`);
          return await runProcess(one, "add", `${at}/${name}.txt`);
        })
      );
      const ended = await Promise.all(runs);
      assert.deepEqual(ended.map(({ code, stderr }) => [code, stderr]), ended.map(() => [0, ""]));
      const rows = await first!.json("list", "artifact");
      const keys = ["0", "1", "2"].flatMap((at) =>
        ["a", "b", "c"].map((name) => `${at}/${name}.txt`)
      );
      assert.deepEqual(rows.map(({ key }) => key).sort(), keys);
      assert.match(await first!.lamin("fsck", "--deep"), /9 artifacts read, no damage/);
    });
  },
);

async function runProcess(place: Machine, ...words: readonly string[]) {
  const { program, args } = command();
  const { code, stderr } = await new Deno.Command(program, {
    args: [...args, ...words],
    cwd: place.folder,
    env: { ...place.environment, HOME: place.home, NO_COLOR: "1" },
    stdout: "null",
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}
