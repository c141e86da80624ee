import { hasLaminHash } from "../identity/cloud_hash.ts";
import { concernsProcess, reasonOf } from "../../store/host/file_failure.ts";
import { FileError } from "../../store/host/host.ts";
import { LaminError } from "../../store/errors.ts";
import type { BlobHash, BlobHasher } from "./blob_hash.ts";
import type { Expectation } from "./expectation.ts";
import { artifactFinding, type Finding, type FindingKind, type WantedFile } from "./finding.ts";

/** What is wrong with a file. */
export interface Fault {
  readonly kind: FindingKind & ("missing" | "wrong size" | "damaged" | "unreadable");
  readonly detail: string;
}

/** What asking for its size tells of a file; undefined when nothing is wrong so far. */
export function sizeFault(file: WantedFile, size: number | undefined): Fault | undefined {
  if (size === undefined) return { kind: "missing", detail: "its bytes are missing" };
  if (file.size === null || file.size === size) return undefined;
  return { kind: "wrong size", detail: `it has ${size} bytes instead of ${file.size}` };
}

/** Hashes a file of an artifact; a failure is a fault. */
export async function hashOrFault(
  hasher: BlobHasher,
  { blobs }: Expectation,
  name: string,
  withLaminHash: boolean,
): Promise<BlobHash | Fault> {
  try {
    return await hasher.hash(blobs, name, withLaminHash);
  } catch (error) {
    if (error instanceof LaminError && error.code === "not_found") {
      return { kind: "missing", detail: "its bytes are missing" };
    }
    return unreadable(error);
  }
}

/**
 * That bytes cannot be read, or only such as a server itself says are wrong, and why. Throws again
 * what would keep any from being read.
 */
export function unreadable(error: unknown): Fault & { readonly kind: "unreadable" | "damaged" } {
  if (!(error instanceof LaminError || error instanceof FileError)) throw error;
  if (error instanceof FileError && concernsProcess(error)) throw error;
  if (error instanceof LaminError && error.code === "damaged") {
    return { kind: "damaged", detail: error.message };
  }
  const why = error instanceof LaminError ? error.message : reasonOf(error);
  return { kind: "unreadable", detail: `it cannot be read: ${why}` };
}

/** What the hash of a file of an artifact tells. */
export function hashFault(
  file: WantedFile,
  { row }: Expectation,
  found: BlobHash,
): Fault | undefined {
  if (file.sha256 !== undefined && file.sha256 !== found.sha256) {
    return {
      kind: "damaged",
      detail: `its SHA-256 is ${found.sha256} instead of ${file.sha256}`,
    };
  }
  if (found.hash === undefined || row.n_files !== null) return undefined;
  if (row.hash === null) return undefined;
  const content = { sha256: found.sha256, hash: found.hash, hashType: found.hashType! };
  const isRight = hasLaminHash({ hash: row.hash, hashType: row._hash_type }, content, undefined);
  if (isRight !== false) return undefined;
  return { kind: "damaged", detail: `its hash is not ${row.hash}` };
}

/** A fault as finding; bytes that the store holds and whose hash is known can be made anew. */
export function faultFinding(
  { row, isStored }: Expectation,
  file: WantedFile,
  { kind, detail }: Fault,
): Finding {
  const isKnown = file.sha256 !== undefined || (file.isWholeHash && file.size !== null);
  const mend = isStored && isKnown
    ? { do: "restore", storageId: row.storage_id, files: [file] } as const
    : undefined;
  return artifactFinding(row, file.name, { severity: "damage", kind, detail, mend });
}
