import { LaminError } from "../../../store/errors.ts";
import type { Hashing } from "../../../store/host/host.ts";
import type { BlobEntry, BlobStore } from "../../../store/objects/blob_store.ts";
import { basename } from "../../../store/path.ts";
import { hashOfEtag } from "../../identity/cloud_hash.ts";
import { folderHashType, hashFolder } from "../../identity/hash.ts";
import { isFolderSuffix } from "../../identity/suffix.ts";
import { schemeOf } from "../../instance/remote_root.ts";
import type { SourceRequest } from "../add/source.ts";
import type { RemotePlace } from "./remote_place.ts";

/** A file or folder on a server that is to be an artifact. */
export interface RemoteSource {
  /** Below the root of the storage. */
  readonly name: string;
  /** Below the folder that the user named, that folder first; for keys below a prefix. */
  readonly outsideName: string;
  readonly size: number;
  /** LaminDB's hash, and its type; null where the server gives no ETag. */
  readonly hash: string | null;
  readonly hashType: string | null;
  /** Of a folder. */
  readonly files: number | undefined;
}

/**
 * What there is at a place, from one look at a file or one listing of a folder: nothing is read.
 * A folder is one artifact where its name or the request says so, else each file below it is.
 * Throws code "not_found" when there is nothing.
 */
export async function* lookElsewhere(
  blobs: BlobStore,
  hashing: Hashing,
  place: RemotePlace,
  folders: SourceRequest["folders"],
): AsyncGenerator<RemoteSource> {
  const { name, root } = place;
  const scheme = schemeOf(root);
  const outside = basename(name);
  const entry = place.isFolder ? undefined : await blobs.entry(name);
  if (entry !== undefined) {
    yield { ...fileOf(hashing, scheme, entry), outsideName: outside };
    return;
  }
  const isWhole = folders === "folder" || (folders === "by name" && isFolderSuffix(outside));
  const below = filesBelow(blobs, name);
  if (isWhole) {
    yield { ...await folderOf(hashing, scheme, below, place), outsideName: outside };
    return;
  }
  let isEmpty = true;
  for await (const file of below) {
    isEmpty = false;
    const path = file.name.slice(name.length + 1);
    yield { ...fileOf(hashing, scheme, file), outsideName: `${outside}/${path}` };
  }
  if (isEmpty) throw nothingAt(place);
}

/** Without what marks folders on some servers, and what belongs to an instance. */
async function* filesBelow(blobs: BlobStore, folder: string): AsyncGenerator<BlobEntry> {
  for await (const entry of blobs.list(`${folder}/`)) {
    const isMarker = entry.name.endsWith("/");
    if (!isMarker && !`/${entry.name}`.includes("/.lamindb/")) yield entry;
  }
}

function fileOf(
  hashing: Hashing,
  scheme: string,
  { name, size, etag }: BlobEntry,
): Omit<RemoteSource, "outsideName"> {
  const known = etag === undefined ? undefined : hashOfEtag(hashing, scheme, etag);
  const { hash = null, hashType = null } = known ?? {};
  return { name, size, hash, hashType, files: undefined };
}

/** LaminDB has no hash of a folder where it has none of a file in it. */
async function folderOf(
  hashing: Hashing,
  scheme: string,
  entries: AsyncIterable<BlobEntry>,
  place: RemotePlace,
): Promise<Omit<RemoteSource, "outsideName">> {
  let [size, files, isHashed] = [0, 0, true];
  const hashes: string[] = [];
  for await (const entry of entries) {
    const { hash } = fileOf(hashing, scheme, entry);
    size += entry.size;
    files++;
    if (hash === null) isHashed = false;
    else hashes.push(hash);
  }
  if (files === 0) throw nothingAt(place);
  const hash = isHashed ? hashFolder(hashing, hashes) : null;
  return { name: place.name, size, hash, hashType: isHashed ? folderHashType : null, files };
}

function nothingAt({ root, name }: RemotePlace): LaminError {
  return new LaminError("not_found", `there is nothing at ${name} in ${root}`, {
    hint: "names on servers are case-sensitive; a folder's end with '/'",
    data: { root, name },
  });
}
