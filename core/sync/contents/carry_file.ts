import { LaminError } from "../../../store/errors.ts";
import type { FileStat, Hashing, Host, OpenFile } from "../../../store/host/host.ts";
import type { BlobBatch, BlobReader, StagedBlob } from "../../../store/objects/blob_store.ts";
import { openBlob } from "../../../store/objects/file_reader.ts";
import { ifThere } from "../../../store/objects/if_there.ts";
import { heldBytesMax, isUntouched } from "../../artifact/add/ingest_file.ts";
import {
  type ContentHash,
  ContentHasher,
  fullHashBytesMax,
  hashBytes,
} from "../../identity/content_hasher.ts";
import { hex } from "../../identity/hex.ts";
import { copyHashed } from "./copy_hashed.ts";
import type { ContentSource, SourceContent, SourceFile } from "./source.ts";

/** What carrying a file needs. */
export interface CarryTools {
  readonly host: Host;
  readonly hashing: Hashing;
  readonly source: ContentSource;
  readonly batch: BlobBatch;
  /** Whether what is staged lies on this machine, so that it is read again at no cost. */
  readonly isTargetHere: boolean;
  readonly progress: (bytes: number) => void;
}

/** A file that is staged, and what it has: found from the bytes that are staged. */
export interface CarriedFile {
  readonly staged: StagedBlob;
  readonly size: number;
  readonly sha256: string;
  /** LaminDB's hash and its type, where the SHA-256 was not known before. */
  readonly hash?: string;
  readonly hashType?: ContentHash["hashType"];
}

type Found = Omit<CarriedFile, "staged">;

/**
 * Stages a file of an artifact for the target. A file of this machine, which lies at `path`, is
 * copied by the system and the copy is hashed; any other comes as a stream that is checked on the
 * way. Nothing is staged when it throws: code "damaged" for other bytes than the recorded ones,
 * "conflict" for a file that changed meanwhile, or as the source's `open`.
 */
export async function carryFile(
  tools: CarryTools,
  content: SourceContent,
  file: SourceFile,
  path: string | undefined,
): Promise<CarriedFile> {
  const local = path === undefined ? undefined : openLocal(tools.host, path);
  try {
    // The source says best what is wrong with a file that is not there or has another size.
    if (local === undefined || !isAsDescribed(content, file, local.stat)) {
      return await carryStream(tools, content, file);
    }
    const carried = await carryLocal(tools, path!, local, file.sha256 !== undefined);
    if (file.sha256 === undefined || carried.sha256 === file.sha256) return carried;
    tools.batch.drop(carried.staged);
    throw otherBytes(content, file);
  } finally {
    local?.file.close();
  }
}

interface LocalFile {
  readonly file: OpenFile;
  readonly stat: FileStat;
}

/** Undefined where it is gone. */
function openLocal({ files }: Host, path: string): LocalFile | undefined {
  const file = ifThere(() => files.open(path, { read: true }));
  return file && { file, stat: file.stat() };
}

/** An MD5 of large content only a server made: the source compares it as the bytes pass. */
function isAsDescribed(content: SourceContent, file: SourceFile, stat: FileStat): boolean {
  const isWholeMd5 = content.hashType === "md5" && stat.size > fullHashBytesMax;
  return stat.kind === "file" && stat.size === (file.size ?? stat.size) &&
    !(file.sha256 === undefined && isWholeMd5);
}

async function carryLocal(
  tools: CarryTools,
  path: string,
  { file, stat }: LocalFile,
  isKnown: boolean,
): Promise<CarriedFile> {
  if (stat.size <= heldBytesMax) return carryHeld(tools, path, { file, stat }, isKnown);
  if (!tools.isTargetHere) {
    // It is read once more when it is sent, and refused if it changes until then.
    const found = await hashed(tools, openBlob(tools.host.files, path), isKnown);
    const staged = tools.batch.copyOf(path);
    const after = tools.host.files.stat(path);
    if (after !== null && isUntouched(stat, after, false)) return { staged, ...found };
    tools.batch.drop(staged);
    throw changed(path);
  }
  return await carryHere(tools, path, { file, stat }, isKnown);
}

/** Of a file system that copies in no time the copy is read; else it is made as it is hashed. */
async function carryHere(
  tools: CarryTools,
  path: string,
  { file, stat: { size } }: LocalFile,
  isKnown: boolean,
): Promise<CarriedFile> {
  const clone = tools.batch.cloneOf?.(path);
  if (clone === undefined) {
    const hasher = hasherFor(tools, size, isKnown);
    const staged = await copyHashed(tools.batch, file, (bytes) => hasher.update(bytes));
    return { staged, ...hasher.finish() };
  }
  try {
    return { staged: clone, ...await hashed(tools, clone.open(), isKnown) };
  } catch (error) {
    tools.batch.drop(clone);
    throw error;
  }
}

/** Small files are read into the same memory, one after the other. */
let held = new Uint8Array();

/** They are hashed there, so that what is staged is what was hashed. */
function carryHeld(
  tools: CarryTools,
  path: string,
  { file, stat: { size } }: LocalFile,
  isKnown: boolean,
): CarriedFile {
  if (held.length < size) held = new Uint8Array(Math.max(size, 2 * held.length));
  const bytes = held.subarray(0, size);
  for (let length = 0; length < size;) {
    const count = file.read(bytes.subarray(length));
    if (count === 0) throw changed(path);
    length += count;
  }
  const found = isKnown
    ? { sha256: hex(tools.hashing.digest("sha256", bytes)) }
    : hashBytes(tools.hashing, bytes);
  const staged = tools.batch.create();
  staged.write(bytes);
  staged.close();
  tools.progress(size);
  return { staged, size, ...found };
}

/** Bytes read at a time. */
const pieceBytes = 1024 * 1024;

/** LaminDB's hash is computed only where it is needed: it takes as long as the other one. */
async function hashed(tools: CarryTools, reader: BlobReader, isKnown: boolean): Promise<Found> {
  try {
    const { size } = reader;
    const hasher = hasherFor(tools, size, isKnown);
    const buffer = new Uint8Array(pieceBytes);
    for (let offset = 0; offset < size;) {
      const bytes = await reader.read(offset, pieceBytes, buffer);
      if (bytes.length === 0) break;
      hasher.update(bytes);
      offset += bytes.length;
    }
    return hasher.finish();
  } finally {
    reader.close();
  }
}

/** Takes all bytes of a file that is to have so many. */
function hasherFor({ hashing, progress }: CarryTools, size: number, isKnown: boolean) {
  const all = isKnown ? hashing.create("sha256") : new ContentHasher(hashing, size);
  return {
    update: (bytes: Uint8Array) => {
      all.update(bytes);
      progress(bytes.length);
    },
    finish: (): Found =>
      all instanceof ContentHasher
        ? { size, ...all.finish() }
        : { size, sha256: hex(all.digest()) },
  };
}

async function carryStream(
  tools: CarryTools,
  content: SourceContent,
  file: SourceFile,
): Promise<CarriedFile> {
  const bytes = tools.source.open(content.uid, file.path);
  let staged: StagedBlob | undefined;
  let size = 0;
  try {
    for (;;) {
      const next = await bytes.next();
      staged ??= tools.batch.create();
      if (next.done) {
        staged.close();
        if (file.sha256 !== undefined && next.value.sha256 !== file.sha256) {
          throw otherBytes(content, file);
        }
        return { staged, size, ...next.value };
      }
      staged.write(next.value);
      size += next.value.length;
      tools.progress(next.value.length);
    }
  } catch (error) {
    if (staged !== undefined) tools.batch.drop(staged);
    throw error;
  } finally {
    await bytes.return(undefined as never);
  }
}

/** The failure for a file that does not have its recorded hash. */
export function otherBytes({ uid, name }: SourceContent, { path }: SourceFile): LaminError {
  const which = path === "" ? name : `${name}/${path}`;
  return new LaminError("damaged", `the bytes of ${which} are damaged at the source`, {
    hint: "'lamin fsck --repair' there mends what it can",
    data: { uid, path },
  });
}

function changed(path: string): LaminError {
  return new LaminError("conflict", `${path} changed while it was copied`, {
    hint: "run the command again",
    data: { path },
  });
}
