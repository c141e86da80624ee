import assert from "node:assert/strict";
import {
  openBucketDatabase,
  putNewDatabase,
} from "../../../store/database/bucket/open_bucket_database.ts";
import { createDatabase } from "../../../store/database/create_database.ts";
import type { Database } from "../../../store/database/database.ts";
import { leaveLog } from "../../../store/database/locks_work.ts";
import { LaminError } from "../../../store/errors.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { openVersionedBlobs } from "../../../store/objects/open_versioned_blobs.ts";
import type { VersionedBlobs } from "../../../store/objects/versioned_blobs.ts";
import { noS3Server, s3Server, withKeys } from "../../s3_server.ts";
import { test } from "../../skip.ts";

const host = withKeys(denoHost());
const instanceId = "0123456789abcdef0123456789abcdef";
const databaseName = ".lamindb/lamin.db";

interface Trial {
  readonly root: string;
  readonly blobs: VersionedBlobs;
  /** Opens it as on a machine of this name. */
  open(machine: string, readOnly?: boolean): Promise<Database>;
}

/** Runs `work` on a new database in a bucket with one empty table. */
async function withBucket(work: (trial: Trial) => Promise<void>): Promise<void> {
  const server = await s3Server();
  const base = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  const root = `s3://${await server.bucket()}/in/here?endpoint_url=${server.endpoint}`;
  const opened: Database[] = [];
  try {
    const path = `${base}/new.db`;
    await createDatabase(host, { path, setUp: ["CREATE TABLE entry (word TEXT)"] }).close();
    leaveLog(path);
    await putNewDatabase(host, root, path);
    await work({
      root,
      blobs: await openVersionedBlobs(host, root),
      open: async (machine, readOnly = false) => {
        const folder = `${base}/${machine}`;
        const database = await openBucketDatabase(host, { root, folder, instanceId, readOnly });
        opened.push(database);
        return database;
      },
    });
  } finally {
    for (const database of opened) await database.close();
    Deno.removeSync(base, { recursive: true });
  }
}

function add(database: Database, word: string): Promise<unknown> {
  return database.write((writer) => writer.run("INSERT INTO entry VALUES (?)", [word]));
}

async function words(database: Database): Promise<string[]> {
  const rows = await database.read((reader) =>
    reader.all<{ word: string }>("SELECT word FROM entry ORDER BY word")
  );
  return rows.map(({ word }) => word);
}

const isBusy = (error: unknown) => error instanceof LaminError && error.code === "busy";

test("bucket database: what one machine writes the next one reads", noS3Server, async () => {
  await withBucket(async ({ open }) => {
    const here = await open("here");
    await add(here, "one");
    assert.deepEqual(await words(here), ["one"]);
    const there = await open("there");
    assert.deepEqual(await words(there), ["one"]);
    const before = there.stamp();
    await add(here, "two");
    assert.deepEqual(await words(there), ["one"], "it stays at the version that it opened");
    await add(there, "three");
    assert.deepEqual(
      await words(there),
      ["one", "three", "two"],
      "what it writes on is the newest",
    );
    assert.notEqual(there.stamp(), before);
    assert.equal(await there.stampAfterWrite(), there.stamp());
  });
});

test("bucket database: many machines at once lose nothing", noS3Server, async () => {
  await withBucket(async ({ open }) => {
    const machines = await Promise.all(["a", "b", "c", "d"].map((name) => open(name)));
    const wanted = machines.flatMap((_, machine) => [1, 2, 3].map((turn) => `${machine}-${turn}`));
    await Promise.all(machines.map(async (database, machine) => {
      for (const turn of [1, 2, 3]) await add(database, `${machine}-${turn}`);
    }));
    assert.deepEqual(await words(await open("last")), wanted.sort());
  });
});

test("bucket database: a transaction that fails leaves what was there", noS3Server, async () => {
  await withBucket(async ({ open, blobs }) => {
    const database = await open("here");
    const before = await blobs.look(databaseName);
    const failing = database.write(async (writer) => {
      await writer.run("INSERT INTO entry VALUES ('gone')");
      throw new Error("no");
    });
    await assert.rejects(failing, /^Error: no$/);
    assert.deepEqual(await blobs.look(databaseName), before);
    assert.deepEqual(await words(database), []);
    await add(database, "next");
    assert.deepEqual(await words(await open("there")), ["next"]);
  });
});

test("bucket database: one who heeds no lock is not written over", noS3Server, async () => {
  await withBucket(async ({ open, blobs }) => {
    const database = await open("here");
    const overtaken = database.write(async (writer) => {
      await writer.run("INSERT INTO entry VALUES ('late')");
      // As Python would, which writes its whole file whatever is there.
      const { etag } = (await blobs.look(databaseName))!;
      assert.ok(await blobs.replace(databaseName, new Uint8Array([9]), etag));
    });
    await assert.rejects(overtaken, isBusy);
    assert.equal((await blobs.look(databaseName))!.size, 1, "what the other wrote is there");
  });
});

test("bucket database: a session of Python is waited for, then told of", noS3Server, async () => {
  await withBucket(async ({ open, blobs, root }) => {
    const database = await open("here");
    await add(database, "before");
    const folder = `.lamindb/_exclusion/${instanceId}`;
    const put = async (name: string, text: string) => {
      const path = `${folder}/${name}`;
      const there = await blobs.look(path);
      const bytes = new TextEncoder().encode(text);
      assert.ok(await blobs.replace(path, bytes, there?.etag ?? null));
    };
    const text = async (name: string) =>
      new TextDecoder().decode((await blobs.readVersion(`${folder}/${name}`))!.bytes);
    const names = (await text("priorities")).split("*");
    assert.equal(names.length, 1);
    await put("priorities", [...names, "abcdefgh"].join("*"));
    await put("entering/abcdefgh", "0");
    await put("numbers/abcdefgh", "1");
    await assert.rejects(add(database, "while"), (error: unknown) => {
      assert.ok(isBusy(error));
      assert.match((error as LaminError).message, /Python's user abcdefgh is working/);
      return true;
    });
    assert.equal(await text(`numbers/${names[0]}`), "0", "its own place in the queue is free");
    await put("numbers/abcdefgh", "0");
    await add(database, "after");
    assert.deepEqual(await words(await open("there")), ["after", "before"], root);
    assert.equal((await text("priorities")).split("*").length, 2, "each machine has one name");
  });
});

test("bucket database: only reading writes nothing, not even a lock", noS3Server, async () => {
  await withBucket(async ({ open, blobs }) => {
    const database = await open("here", true);
    assert.ok(database.readOnly);
    assert.deepEqual(await words(database), []);
    await assert.rejects(
      add(database, "x"),
      (error: unknown) => error instanceof LaminError && error.code === "denied",
    );
    assert.equal(await blobs.look(`.lamindb/_exclusion/${instanceId}/priorities`), undefined);
  });
});

test("bucket database: a second one is not put over the first", noS3Server, async () => {
  await withBucket(async ({ root }) => {
    const path = Deno.makeTempFileSync();
    Deno.writeTextFileSync(path, "another");
    await assert.rejects(
      putNewDatabase(host, root, path),
      (error: unknown) => error instanceof LaminError && error.code === "conflict",
    );
    Deno.removeSync(path);
  });
});
