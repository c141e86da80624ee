import type { Hashing } from "../../store/host/host.ts";
import type { BlobStore } from "../../store/objects/blob_store.ts";
import { LaminError } from "../../store/errors.ts";
import { withoutPassword } from "../../store/without_password.ts";
import { storeOrUndefined } from "../artifact/presence.ts";
import { objectHashOf } from "../gc/stored_objects.ts";
import { formatManifest, type ManifestFile, manifestSha256 } from "../identity/manifest.ts";
import type { Instance } from "../instance/instance.ts";
import { type ArtifactRow, storageKeyOf } from "../artifact/storage_key.ts";
import { artifactFinding, type Finding, type WantedFile } from "./finding.ts";
import type { Page } from "./pages.ts";

/** What an artifact's bytes should be, and where. */
export interface Expectation {
  readonly row: ArtifactRow;
  readonly blobs: BlobStore;
  readonly name: string;
  /** Whether the bytes are the store's, to be mended; all else belongs to the user. */
  readonly isStored: boolean;
  readonly content:
    | { readonly kind: "file"; readonly file: WantedFile }
    /** A folder whose files are known one by one. */
    | { readonly kind: "folder"; readonly sha256: string; readonly files: readonly ManifestFile[] }
    /** A folder of which there is only LaminDB's hash, or the name of the object. */
    | { readonly kind: "listed folder"; readonly sha256: string | undefined };
  /** True when nothing valid is noted of the content. */
  readonly isUnrecorded: boolean;
  /** True when the content is noted, but the list of a folder's files is not the one of it. */
  readonly hasWrongList: boolean;
}

/** What the bytes of an artifact should be, or why that cannot be told. */
export function expectationOf(
  instance: Instance,
  hashing: Hashing,
  page: Page,
  row: ArtifactRow,
): Expectation | Finding {
  const name = storageKeyOf(row);
  const damage = (kind: "storage" | "record", detail: string) =>
    artifactFinding(row, name, { severity: "damage", kind, detail });
  const storage = instance.storages.get(row.storage_id);
  if (storage === undefined) return damage("storage", `there is no storage ${row.storage_id}`);
  const blobs = storeOrUndefined(instance, row.storage_id);
  if (blobs === undefined) {
    const detail = `it lies in ${withoutPassword(storage.root)}, which may not be asked`;
    return artifactFinding(row, name, { severity: "note", kind: "unreachable", detail });
  }
  if (leaves(blobs, name)) return damage("storage", "its place lies outside the storage");
  const noted = page.contents.get(row.id);
  const valid = noted !== undefined && noted.hash === row.hash ? noted : undefined;
  const isStored = name.startsWith(".lamindb/");
  // The name of an object tells what it should be, even where the note is lost or another. Of an
  // object that Python wrote over, the note tells by its other hash that it does not.
  const named = noted === valid ? objectHashOf(name) : undefined;
  const sha256 = named ?? valid?.sha256;
  const isUnrecorded = sha256 === undefined || valid?.sha256 !== sha256;
  const common = { row, blobs, name, isStored, isUnrecorded, hasWrongList: false };
  if (row.n_files === null) {
    if (valid?.is_folder) return damage("record", "it is noted as a folder and recorded as a file");
    return { ...common, content: { kind: "file", file: wantedFile(row, name, sha256) } };
  }
  const files = page.manifests.get(sha256 ?? "") ?? [];
  // Without a list that is right, the folder itself has to tell.
  if (isUnrecorded || !isManifest(hashing, files, sha256)) {
    return {
      ...common,
      content: { kind: "listed folder", sha256 },
      isUnrecorded: true,
      hasWrongList: !isUnrecorded,
    };
  }
  return { ...common, content: { kind: "folder", sha256, files } };
}

function leaves(blobs: BlobStore, name: string): boolean {
  try {
    blobs.locate(name);
    return false;
  } catch (error) {
    if (error instanceof LaminError && error.code === "denied") return true;
    throw error;
  }
}

function wantedFile(row: ArtifactRow, name: string, sha256: string | undefined): WantedFile {
  const { size, hash, key } = row;
  const isWholeHash = row._hash_type === "md5" && hash !== null;
  return { name, size, sha256, hash: hash ?? undefined, isWholeHash, workPath: key };
}

/**
 * Whether files are the ones that a hash of a manifest speaks of; their paths are safe to join
 * then.
 */
export function isManifest(
  hashing: Hashing,
  files: readonly ManifestFile[],
  sha256: string,
): boolean {
  try {
    return files.length > 0 && manifestSha256(hashing, formatManifest(files)) === sha256;
  } catch (error) {
    if (error instanceof LaminError) return false;
    throw error;
  }
}
