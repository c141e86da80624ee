import assert from "node:assert/strict";
import { LaminError } from "../../../store/errors.ts";
import type { BlobBatch, BlobStore, StagedBlob } from "../../../store/objects/blob_store.ts";

/** The UTF-8 of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Stages a text. */
export function stage(batch: BlobBatch, text: string): StagedBlob {
  const staged = batch.create();
  staged.write(bytes(text));
  staged.close();
  return staged;
}

/** Puts texts under names, in one batch. */
export async function put(store: BlobStore, texts: Readonly<Record<string, string>>) {
  const batch = store.batch();
  try {
    for (const [name, text] of Object.entries(texts)) batch.name(stage(batch, text), name);
    await batch.publish();
  } finally {
    batch.discard();
  }
}

/** The whole text of a blob, or undefined when it is not there. */
export async function textOf(store: BlobStore, name: string): Promise<string | undefined> {
  const size = (await store.sizes([name])).get(name);
  if (size === undefined) return undefined;
  const reader = await store.open(name);
  try {
    assert.equal(reader.size, size);
    return new TextDecoder().decode(await reader.read(0, size));
  } finally {
    reader.close();
  }
}

/** The names below a folder, in order. */
export async function namesBelow(store: BlobStore, folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of store.list(folder)) names.push(name);
  return names.sort();
}

/** That the work fails with an error of this code. */
export async function fails(code: string, work: () => unknown): Promise<void> {
  await assert.rejects(
    async () => await work(),
    (error: unknown) => {
      assert.ok(error instanceof LaminError, String(error));
      assert.equal(error.code, code);
      return true;
    },
  );
}
