import { LaminError } from "../../../store/errors.ts";
import type { Hashing } from "../../../store/host/host.ts";
import type { BlobBatch, StagedBlob } from "../../../store/objects/blob_store.ts";
import { join } from "../../../store/path.ts";
import type { Instance } from "../../instance/instance.ts";
import { sizesOf } from "../sizes_of.ts";
import { objectName } from "../storage_key.ts";
import { hashStaged, type IngestMode } from "./ingest_file.ts";
import type { Prepared } from "./prepared.ts";

/** A file that an artifact needs and the store does not have. */
interface MissingFile {
  readonly prepared: Prepared;
  /** Below the folder; empty for an artifact that is a file. */
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
}

/** The files of what was prepared that the store lacks, or has in another size. */
export async function missingFiles(
  instance: Instance,
  all: readonly Prepared[],
): Promise<MissingFile[]> {
  const wanted = all.flatMap((prepared) => {
    const { sha256, suffix, size, manifest } = prepared;
    const object = objectName(sha256, suffix);
    if (manifest === undefined) return [{ prepared, path: "", name: object, size, sha256 }];
    return manifest.map((file) => ({ ...file, prepared, name: `${object}/${file.path}` }));
  });
  const stored = await sizesOf(instance.blobs, wanted.map(({ name }) => name));
  return wanted.filter(({ name, size }) => stored.get(name) !== size);
}

/**
 * Stores files once more, from their sources: what another process collected since it was seen in
 * the store. To be called under the write lock, under which nothing is collected. Throws code
 * "conflict" when a source has other bytes by now.
 */
export async function restage(
  instance: Instance,
  mode: IngestMode,
  missing: readonly MissingFile[],
): Promise<void> {
  const hashing = await instance.host.hashing();
  const batch = instance.blobs.batch();
  try {
    for (const { prepared, path, name, sha256 } of missing) {
      const staged = await stageAgain(batch, mode, prepared, path);
      if (!(await hasHash(hashing, staged, sha256))) throw changedSince(prepared);
      batch.name(staged, name);
    }
    await batch.publish();
  } finally {
    batch.discard();
  }
}

async function stageAgain(
  batch: BlobBatch,
  mode: IngestMode,
  { source, spare }: Prepared,
  path: string,
): Promise<StagedBlob> {
  if (source.path === "-") return await copyOfStaged(batch, spare);
  const original = path === "" ? source.path : join(source.path, path);
  return mode === "link" ? batch.linkOf(original) : batch.copyOf(original);
}

/** Bytes read at a time. */
const pieceBytes = 1024 * 1024;

async function copyOfStaged(batch: BlobBatch, spare: StagedBlob | undefined): Promise<StagedBlob> {
  if (spare === undefined) {
    throw new LaminError("conflict", "the stored bytes of the pipe were just collected", {
      hint: "run the command again; nothing was changed",
    });
  }
  const copy = batch.create();
  const reader = spare.open();
  try {
    for (let offset = 0; offset < reader.size; offset += pieceBytes) {
      copy.write(await reader.read(offset, pieceBytes));
    }
  } finally {
    reader.close();
  }
  copy.close();
  return copy;
}

async function hasHash(hashing: Hashing, staged: StagedBlob, sha256: string): Promise<boolean> {
  return (await hashStaged({ hashing, progress: () => {} }, staged)).sha256 === sha256;
}

function changedSince({ source }: Prepared): LaminError {
  return new LaminError("conflict", `${source.path} changed while it was added`, {
    hint: "wait until nothing writes to it, then add it again; nothing was changed",
    data: { path: source.path },
  });
}
