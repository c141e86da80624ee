import { LaminError } from "../../../store/errors.ts";
import type { FileStat, Hashing, Host } from "../../../store/host/host.ts";
import type { BlobBatch, StagedBlob } from "../../../store/objects/blob_store.ts";
import { type ContentHash, hashBytes } from "../../identity/content_hasher.ts";
import { hashLocal, hashReader } from "../hash_reader.ts";

/** Files up to this size are held in memory, hashed there and written only when they are new. */
export const heldBytesMax = 4 * 1024 * 1024;

/** How bytes get into the store: as a copy, as a second name of the file, or not at all. */
export type IngestMode = "copy" | "link" | "hash only";

/** A file whose content is known and, unless it was there already, staged. */
export interface Ingested extends ContentHash {
  readonly size: number;
  readonly staged: StagedBlob | undefined;
}

export interface IngestTools {
  readonly host: Host;
  readonly hashing: Hashing;
  readonly batch: BlobBatch;
  readonly mode: IngestMode;
  /** Whether the store has an object of this content under the name that it would get. */
  readonly isStored: (sha256: string) => boolean;
  /** Whether content of this size is known, so that hashing before copying may save the copy. */
  readonly sizeIsKnown: (size: number) => boolean;
  readonly progress: (bytes: number) => void;
}

/**
 * Hashes a file and stages its bytes. What is staged is what was hashed, whatever happens to the
 * file meanwhile. A small one is there at once. Throws code "conflict" when the file changed while
 * it was read.
 */
export function ingestFile(
  tools: IngestTools,
  path: string,
  stat: FileStat,
): Ingested | Promise<Ingested> {
  return stat.size <= heldBytesMax ? ingestHeld(tools, path, stat) : ingestLarge(tools, path, stat);
}

function ingestHeld(tools: IngestTools, path: string, stat: FileStat): Ingested {
  const { size } = stat;
  const bytes = readWhole(tools.host, path, stat);
  const content = hashBytes(tools.hashing, bytes);
  tools.progress(size);
  if (tools.mode === "hash only" || tools.isStored(content.sha256)) {
    return { ...content, size, staged: undefined };
  }
  if (tools.mode === "link") {
    return { ...content, size, staged: linked(tools, path, stat) };
  }
  const staged = tools.batch.create();
  staged.write(bytes);
  staged.close();
  return { ...content, size, staged };
}

/** Small files are read into the same memory, one after the other. */
let held = new Uint8Array();

/**
 * All bytes of a file, valid until the next call. Throws when it is not any more, or does not stay
 * meanwhile, the file that `stat` tells of.
 */
function readWhole({ files }: Host, path: string, stat: FileStat): Uint8Array {
  const { size } = stat;
  if (held.length < size) held = new Uint8Array(Math.max(size, 2 * held.length));
  const file = files.open(path, { read: true });
  try {
    let length = 0;
    while (length < size) {
      const count = file.read(held.subarray(length, size));
      if (count === 0) throw changedWhileRead();
      length += count;
    }
    // One that grows shows in its size.
    if (!isUntouched(stat, file.stat(), false)) throw changedWhileRead();
    return held.subarray(0, size);
  } finally {
    file.close();
  }
}

async function ingestLarge(
  tools: IngestTools,
  path: string,
  stat: FileStat,
): Promise<Ingested> {
  const { size } = stat;
  if (tools.mode !== "copy" || tools.sizeIsKnown(size)) {
    const content = await hashLocal(tools.host, tools, path);
    requireSame(tools, path, stat);
    if (tools.mode === "hash only" || tools.isStored(content.sha256)) {
      return { ...content, size, staged: undefined };
    }
    if (tools.mode === "link") return { ...content, size, staged: linked(tools, path, stat) };
  }
  // The copy is made by the system and hashed afterwards, out of its cache: faster than passing
  // every byte through here twice, and the hash is that of the bytes which were stored.
  const staged = tools.batch.copyOf(path);
  const content = await hashStaged(tools, staged);
  requireSame(tools, path, stat, staged);
  // A file system that copies less than all, and says nothing of it.
  if (content.size !== size) {
    tools.batch.drop(staged);
    throw changedWhileRead();
  }
  return { ...content, size, staged };
}

/** A second name for the file that was read. */
function linked(tools: IngestTools, path: string, stat: FileStat): StagedBlob {
  const staged = tools.batch.linkOf(path);
  requireSame(tools, path, stat, staged);
  return staged;
}

/** Throws, and drops what was staged, unless the path has the file that `stat` tells of. */
function requireSame(tools: IngestTools, path: string, stat: FileStat, staged?: StagedBlob): void {
  const after = tools.host.files.lstat(path);
  const isLinked = tools.mode === "link" && staged !== undefined;
  if (after !== null && isUntouched(stat, after, isLinked)) return;
  if (staged !== undefined) tools.batch.drop(staged);
  throw changedWhileRead();
}

/** Hashes what was staged, such as the bytes of a pipe. */
export async function hashStaged(
  tools: Pick<IngestTools, "hashing" | "progress">,
  staged: StagedBlob,
): Promise<ContentHash & { size: number }> {
  const reader = staged.open();
  try {
    return { ...await hashReader(tools, reader), size: reader.size };
  } finally {
    reader.close();
  }
}

/** Giving the file another name, as `linked` says was done, moves the time of its last change. */
export function isUntouched(before: FileStat, after: FileStat, linked: boolean): boolean {
  return before.size === after.size && before.modifiedMs === after.modifiedMs &&
    (linked || before.changedMs === after.changedMs) && before.inode === after.inode;
}

/** The failure of a file that did not stay as it was. */
export function changedWhileRead(): LaminError {
  return new LaminError("conflict", "it changed while it was read", {
    hint: "wait until nothing writes to it, then add it again",
  });
}
