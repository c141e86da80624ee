import type { Hashing, Host } from "../../store/host/host.ts";
import type { BlobReader } from "../../store/objects/blob_store.ts";
import type { BlobHasher } from "../fsck/blob_hash.ts";
import { type Fault, hashFault, hashOrFault, unreadable } from "../fsck/check_file.ts";
import type { Expectation } from "../fsck/expectation.ts";
import type { WantedFile } from "../fsck/finding.ts";
import { fullHashBytesMax } from "../identity/content_hasher.ts";
import { base64url22 } from "../identity/hash.ts";
import type { ManifestFile } from "../identity/manifest.ts";
import { comparedBySize, comparedInFull } from "./level.ts";

/** What looking at a part of an artifact's bytes gave. */
export interface Sampled {
  readonly fault: Fault | undefined;
  /** In words, what was compared. */
  readonly checked: string;
}

export interface SampleTools {
  readonly host: Host;
  readonly hashing: Hashing;
  readonly hasher: BlobHasher;
}

/** Files of a folder that are read. */
const filesMax = 8;
/** Bytes that are read at a time. */
const pieceBytes = 1024 * 1024;

/**
 * Reads as much of an artifact as says something about it: files up to 50 MiB whole; of larger ones
 * the first and the last 50 MiB, where LaminDB's hash is of those; some files of a folder, chosen
 * anew each time. Where no hash is of a part, nothing is read.
 */
export async function sample(tools: SampleTools, expectation: Expectation): Promise<Sampled> {
  const { content, row } = expectation;
  if (content.kind === "folder") return await sampleFolder(tools, expectation, content.files);
  if (content.kind === "file" && (row.size ?? Infinity) <= fullHashBytesMax) {
    const fault = await readWhole(tools, expectation, content.file);
    return { fault, checked: comparedInFull(expectation) };
  }
  if (content.kind === "file" && row._hash_type === "sha1-fl") {
    return { fault: await readEnds(tools, expectation), checked: "first and last 50 MiB" };
  }
  return { fault: undefined, checked: comparedBySize(expectation, false) };
}

async function readWhole(
  { hasher }: SampleTools,
  expectation: Expectation,
  file: WantedFile,
): Promise<Fault | undefined> {
  const found = await hashOrFault(hasher, expectation, file.name, expectation.isUnrecorded);
  return "kind" in found ? found : hashFault(file, expectation, found);
}

async function sampleFolder(
  tools: SampleTools,
  expectation: Expectation,
  files: readonly ManifestFile[],
): Promise<Sampled> {
  const readable = files.filter(({ size }) => size <= fullHashBytesMax);
  const chosen = someOf(tools.host, readable, filesMax);
  for (const { path, size, sha256 } of chosen) {
    const name = `${expectation.name}/${path}`;
    const wanted = { name, size, sha256, hash: undefined, isWholeHash: false, workPath: null };
    const fault = await readWhole(tools, { ...expectation, isUnrecorded: false }, wanted);
    if (fault === undefined) continue;
    return { fault: { ...fault, detail: `${path}: ${fault.detail}` }, checked: "a file of it" };
  }
  const checked = chosen.length === files.length
    ? "SHA-256 of all bytes"
    : `SHA-256 of ${chosen.length} of ${files.length} files, sizes of all`;
  return { fault: undefined, checked };
}

/** Some members of a list, each as likely as any other. */
function someOf<T>(host: Host, all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  const rest = [...all];
  return Array.from({ length: count }, () => {
    const [a = 0, b = 0, c = 0, d = 0] = host.randomBytes(4);
    const index = ((a << 24 | b << 16 | c << 8 | d) >>> 0) % rest.length;
    return rest.splice(index, 1)[0]!;
  });
}

/** LaminDB's hash of a large file is of its ends alone. */
async function readEnds(
  { hashing }: SampleTools,
  { blobs, name, row }: Expectation,
): Promise<Fault | undefined> {
  try {
    const reader = await blobs.open(name);
    try {
      const both = hashing.create("sha1");
      for (const start of [0, reader.size - fullHashBytesMax]) {
        both.update(await sha1Of(hashing, reader, start));
      }
      if (base64url22(both.digest()) === row.hash) return undefined;
    } finally {
      reader.close();
    }
  } catch (error) {
    return unreadable(error);
  }
  return { kind: "damaged", detail: `the hash of its ends is not ${row.hash}` };
}

async function sha1Of(hashing: Hashing, reader: BlobReader, start: number): Promise<Uint8Array> {
  const hasher = hashing.create("sha1");
  const end = start + fullHashBytesMax;
  for (let offset = start; offset < end;) {
    const bytes = await reader.read(offset, Math.min(pieceBytes, end - offset));
    if (bytes.length === 0) break;
    hasher.update(bytes);
    offset += bytes.length;
  }
  return hasher.digest();
}
