import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Host } from "../../../../store/host/host.ts";
import type { BlobBatch, BlobReader, StagedBlob } from "../../../../store/objects/blob_store.ts";
import { RemoteBlobStore } from "../../../../store/objects/remote/remote_store.ts";
import { openS3 } from "../../../../store/objects/s3/open_s3.ts";
import { partSizeOf } from "../../../../store/objects/s3/part_size.ts";
import { fails } from "../../../conformance/blob/store_driver.ts";
import { noS3Server } from "../../../s3_server.ts";
import { test } from "../../../skip.ts";
import { type S3World, withS3 } from "./s3_world.ts";

const partSize = 8 << 20;
const size = 2 * partSize + 1_000_001;
const name = "large";

/** With few processors there is no other thread, and all is hashed once more. */
const noThread = navigator.hardwareConcurrency < 2 ? "this machine has one processor" : noS3Server;

test("S3 parts: what was hashed with the whole is not hashed again", noThread, async () => {
  await withS3(async (world) => {
    const { host, hashed } = counting(world.host);
    const path = largeFile(world);
    await add(world, host, path);
    assert.deepEqual(hashed(), [], "lengths that were hashed here while it was sent");
    assert.ok(await isStored(world, path));
  });
});

test("S3 parts: what was read in part only is hashed when it is sent", noThread, async () => {
  await withS3(async (world) => {
    const { host, hashed } = counting(world.host);
    const path = largeFile(world);
    await send(world, host, path, async (staged) => {
      const reader = staged.open();
      await reader.read(0, partSize);
      reader.close();
    });
    assert.deepEqual(hashed(), [partSize, partSize, size - 2 * partSize]);
    assert.ok(await isStored(world, path));
  });
});

test("S3 parts: other bytes than those that were hashed are not stored", noS3Server, async () => {
  await withS3(async (world) => {
    const path = largeFile(world);
    // As if nothing but the bytes told of the change.
    const before = world.host.files.stat(path);
    const host: Host = {
      ...world.host,
      files: {
        ...world.host.files,
        stat: (at) => at === path ? before : world.host.files.stat(at),
      },
    };
    await fails("conflict", () =>
      send(world, host, path, async (staged) => {
        await readThrough(staged.open());
        const file = Deno.openSync(path, { write: true });
        file.seekSync(partSize + 5, Deno.SeekMode.Start);
        file.writeSync(Uint8Array.of(1, 2, 3));
        file.close();
      }));
    assert.equal(await world.store.entry(name), undefined);
    assert.deepEqual(await world.store.unfinished(), []);
  });
});

async function add(world: S3World, host: Host, path: string): Promise<void> {
  await send(world, host, path, (staged) => readThrough(staged.open()));
}

/** Stages a file, does something with what is staged, and publishes it. */
async function send(
  { folder, root, patience }: S3World,
  host: Host,
  path: string,
  meanwhile: (staged: StagedBlob) => Promise<void>,
): Promise<void> {
  const load = () => openS3(host, root, folder, patience);
  const batch: BlobBatch = new RemoteBlobStore(host, "s3", folder, load, partSizeOf).batch();
  try {
    const staged = batch.copyOf(path);
    await meanwhile(staged);
    batch.name(staged, name);
    await batch.publish();
  } finally {
    batch.discard();
  }
}

async function readThrough(reader: BlobReader): Promise<void> {
  const buffer = new Uint8Array(1 << 20);
  for (let offset = 0; offset < reader.size; offset += buffer.length) {
    await reader.read(offset, buffer.length, buffer);
  }
  reader.close();
}

/** A host that notes the lengths of large things which are hashed on this thread. */
function counting(host: Host): { readonly host: Host; readonly hashed: () => number[] } {
  const lengths: number[] = [];
  const hashing = async () => {
    const real = await host.hashing();
    return {
      ...real,
      digest: (algorithm: Parameters<typeof real.digest>[0], bytes: Uint8Array) => {
        if (bytes.length > 1000) lengths.push(bytes.length);
        return real.digest(algorithm, bytes);
      },
    };
  };
  return { host: { ...host, hashing }, hashed: () => lengths };
}

/** A local file that goes in three parts. */
function largeFile({ folder }: S3World): string {
  const path = `${folder}/source`;
  Deno.writeFileSync(path, Uint8Array.from({ length: size }, (_, index) => (index * 31) >> 4));
  return path;
}

async function isStored({ store }: S3World, path: string): Promise<boolean> {
  const reader = await store.open(name);
  try {
    const bytes = await reader.read(0, reader.size);
    return Buffer.compare(bytes, Deno.readFileSync(path)) === 0;
  } finally {
    reader.close();
  }
}
