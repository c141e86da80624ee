import assert from "node:assert/strict";
import { openBlob } from "../../../../store/objects/file_reader.ts";
import { copyObject } from "../../../../store/objects/s3/s3_copy.ts";
import { lookAt } from "../../../../store/objects/s3/s3_look.ts";
import { inOneCallMax } from "../../../../store/objects/s3/s3_sink.ts";
import { partSizeOf } from "../../../../store/objects/s3/part_size.ts";
import { fails, put, textOf } from "../../../conformance/blob/store_driver.ts";
import type { WirePlan } from "../../../faults/lying_proxy.ts";
import { noS3Server } from "../../../s3_server.ts";
import { test } from "../../../skip.ts";
import { type S3World, withS3 } from "./s3_world.ts";

const size = inOneCallMax + 3_000_001;
const name = "large";

/** A local file that goes in parts, with bytes of its own for each seed. */
function largeFile({ folder }: S3World, seed = 1): string {
  const path = `${folder}/source-${seed}`;
  const bytes = new Uint8Array(size);
  let state = seed;
  for (let index = 0; index < size; index += 7) {
    state = (state * 48271) % 2147483647;
    bytes[index] = state;
  }
  Deno.writeFileSync(path, bytes);
  return path;
}

async function send({ store }: S3World, path: string, as = name): Promise<void> {
  const batch = store.batch();
  try {
    batch.name(batch.copyOf(path), as);
    await batch.publish();
  } finally {
    batch.discard();
  }
}

async function isStored({ store, host }: S3World, path: string): Promise<boolean> {
  const stored = await store.open(name);
  const local = openBlob(host.files, path);
  try {
    assert.equal(stored.size, size);
    for (let offset = 0; offset < size; offset += 1 << 20) {
      const [a, b] = [await stored.read(offset, 1 << 20), await local.read(offset, 1 << 20)];
      if (a.length !== b.length || a.some((byte, index) => byte !== b[index])) return false;
    }
    return true;
  } finally {
    stored.close();
    local.close();
  }
}

/** Numbers of the parts that were sent. */
function partsSent({ proxy }: S3World): number[] {
  return proxy.requests.flatMap(({ method, target }) => {
    const part = /partNumber=(\d+)/.exec(target)?.[1];
    return method === "PUT" && part !== undefined ? [Number(part)] : [];
  }).sort();
}

Deno.test("S3 parts: never more than the server takes", () => {
  const mebibyte = 2 ** 20;
  assert.equal(partSizeOf(100 * mebibyte), 8 * mebibyte);
  for (const bytes of [2 ** 33, 2 ** 37, 5 * 2 ** 40]) {
    assert.ok(bytes / partSizeOf(bytes) <= 10_000);
    assert.equal(partSizeOf(bytes) % mebibyte, 0);
  }
});

test("S3 parts: a large blob arrives whole, and leaves no notes", noS3Server, async () => {
  await withS3(async (world) => {
    const path = largeFile(world);
    await send(world, path);
    assert.deepEqual(partsSent(world), [1, 2, 3]);
    assert.ok(await isStored(world, path));
    assert.deepEqual(await world.store.unfinished(), []);
    assert.deepEqual([...Deno.readDirSync(`${world.folder}/uploads`)], []);
    world.proxy.requests.length = 0;
    await send(world, path);
    assert.deepEqual(partsSent(world), [], "what is there is not sent again");
  });
});

test("S3 parts: losses and wrong bits on the way", noS3Server, async () => {
  const faults = [{ flips: "request" }, { loses: "answer" }, { loses: "request" }] as const;
  for (const fault of faults) {
    await withS3(async (world) => {
      const path = largeFile(world);
      world.proxy.plan = (_, number) => number % 2 === 0 ? fault : undefined;
      await send(world, path);
      world.proxy.plan = () => undefined;
      assert.ok(await isStored(world, path), JSON.stringify(fault));
      // Of an upload whose begin was not answered nobody knows the id; it is empty.
      assert.ok((await world.store.unfinished()).every((left) => left.size === 0));
    });
  }
});

/** Lets the parts after the first get lost for good. */
const losesLater: WirePlan = ({ method, target }) =>
  method === "PUT" && /partNumber=[23]/.test(target) ? { loses: "request" } : undefined;

/** Leaves an upload as a process that died would: its notes name a process that does not run. */
async function dieIn(world: S3World, path: string): Promise<void> {
  world.proxy.plan = losesLater;
  await fails("failed", () => send(world, path));
  world.proxy.plan = () => undefined;
  for (const { name } of [...Deno.readDirSync(`${world.folder}/uploads`)]) {
    const dead = name.replace(/-(\d+)-(\d+)\.upload$/, "-$1-1.upload");
    assert.notEqual(dead, name);
    Deno.renameSync(`${world.folder}/uploads/${name}`, `${world.folder}/uploads/${dead}`);
  }
  world.proxy.requests.length = 0;
}

const noMarks = Deno.build.os === "linux" ? noS3Server : "the system does not tell which run";

test("S3 parts: what a dead process sent is not sent again", noMarks, async () => {
  await withS3(async (world) => {
    const path = largeFile(world);
    await dieIn(world, path);
    const [left, ...more] = await world.store.unfinished();
    assert.deepEqual([left?.size, left?.isAbandoned, more.length], [8 << 20, true, 0]);
    await send(world, path);
    assert.deepEqual(partsSent(world), [2, 3]);
    assert.ok(await isStored(world, path));
    assert.deepEqual(await world.store.unfinished(), []);
  });
});

test("S3 parts: of other bytes nothing is taken over", noMarks, async () => {
  await withS3(async (world) => {
    await dieIn(world, largeFile(world, 1));
    const path = largeFile(world, 2);
    await send(world, path);
    assert.deepEqual(partsSent(world), [1, 2, 3]);
    assert.ok(await isStored(world, path));
  });
});

test("S3 parts: an upload that was given up is begun anew", noMarks, async () => {
  await withS3(async (world) => {
    const path = largeFile(world);
    await dieIn(world, path);
    const [left] = await world.store.unfinished();
    await world.store.remove([left!.name]);
    assert.deepEqual(await world.store.unfinished(), []);
    await send(world, path);
    assert.ok(await isStored(world, path));
  });
});

test("S3 parts: notes that are garbage are passed over", noMarks, async () => {
  await withS3(async (world) => {
    const path = largeFile(world);
    await dieIn(world, path);
    const [{ name: note }] = [...Deno.readDirSync(`${world.folder}/uploads`)] as [Deno.DirEntry];
    const text = Deno.readTextFileSync(`${world.folder}/uploads/${note}`);
    Deno.writeTextFileSync(`${world.folder}/uploads/${note}`, `${text}{"number":2,"et`);
    await send(world, path);
    assert.deepEqual(partsSent(world), [2, 3], "a line that was not written to its end");
    assert.ok(await isStored(world, path));
  });
});

test("S3 parts: a file that changes while it is sent is refused", noS3Server, async () => {
  await withS3(async (world) => {
    const path = largeFile(world);
    let isChanged = false;
    world.proxy.plan = ({ target }) => {
      if (!isChanged && /partNumber=1/.test(target)) Deno.utimeSync(path, 1, 1);
      isChanged ||= /partNumber=1/.test(target);
      return undefined;
    };
    await fails("conflict", () => send(world, path));
    assert.equal(await world.store.entry(name), undefined);
    assert.deepEqual(await world.store.unfinished(), []);
  });
});

test(
  "S3: others are sent where one may be left out that changed or is gone",
  noS3Server,
  async () => {
    await withS3(async (world) => {
      const batch = world.store.batch();
      try {
        const stage = (as: string, seed: number, length: number) => {
          const path = largeFile(world, seed);
          Deno.truncateSync(path, length);
          const staged = batch.copyOf(path);
          batch.name(staged, `in/${as}`);
          return { path, staged };
        };
        const large = stage("large", 1, size);
        const changed = stage("changed", 2, 1_500_000);
        const gone = stage("gone", 3, 100_000);
        for (const [index, length] of [100_000, 1_500_000, size].entries()) {
          stage(`sound${index}`, 4 + index, length);
        }
        Deno.utimeSync(large.path, 1, 1);
        Deno.truncateSync(changed.path, 1_000_000);
        Deno.removeSync(gone.path);
        const left: unknown[] = [];
        await batch.publish((staged) => left.push(staged));
        assert.deepEqual(
          new Set(left),
          new Set([large, changed, gone].map(({ staged }) => staged)),
        );
        const stored = [];
        for await (const { name } of world.store.list("in/")) stored.push(name);
        assert.deepEqual(stored.sort(), ["in/sound0", "in/sound1", "in/sound2"]);
      } finally {
        batch.discard();
      }
      assert.deepEqual(await world.store.unfinished(), []);
    });
  },
);

test("S3: a server that fails ends all of it, whatever may be left out", noS3Server, async () => {
  await withS3(async (world) => {
    const refusal = "HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n";
    world.proxy.plan = ({ target }) => /uploads=/.test(target) ? { answers: refusal } : undefined;
    const batch = world.store.batch();
    try {
      batch.name(batch.copyOf(largeFile(world)), name);
      await fails("denied", () => batch.publish(() => assert.fail("it is not the file's fault")));
    } finally {
      batch.discard();
    }
  });
});

test("S3 parts: bytes that are not those of the name are refused", noS3Server, async () => {
  await withS3(async (world) => {
    const wrong = `.lamindb/objects/ab/ab${"0".repeat(62)}.bin`;
    await fails("conflict", () => send(world, largeFile(world), wrong));
    await fails("conflict", () => put(world.store, { [wrong]: "small" }));
    assert.equal(await world.store.entry(wrong), undefined);
    assert.deepEqual(await world.store.unfinished(), []);
  });
});

test("S3 parts: a torn object is replaced", noS3Server, async () => {
  await withS3(async (world) => {
    await put(world.store, { [name]: "torn" });
    const path = largeFile(world);
    await send(world, path);
    assert.ok(await isStored(world, path));
  });
});

test("S3 parts: objects too large for one copy are copied in parts", noS3Server, async () => {
  await withS3(async (world) => {
    const { client } = await world.blobs();
    const text = "0123456789".repeat(1_100_000);
    await put(world.store, { "a": text });
    const object = (await lookAt(client, client.keyOf("a")))!;
    await copyObject(client, object, client.keyOf("b"), 6_000_000);
    assert.equal(await textOf(world.store, "b"), text);
    assert.ok(partsSent(world).length >= 2);
    await assert.rejects(() =>
      copyObject(client, { ...object, etag: '"x"' }, client.keyOf("c"), 6_000_000)
    );
    assert.deepEqual(await world.store.unfinished(), []);
  });
});
