import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import type { Hashing } from "../../../store/host/host.ts";
import type { BlobStore } from "../../../store/objects/blob_store.ts";
import { type ArtifactKey, parseKey } from "../../identity/key.ts";
import { objectTypeOf } from "../../identity/object_type.ts";
import { suffixOf } from "../../identity/suffix.ts";
import type { Instance } from "../../instance/instance.ts";
import { noteNamedByUser, type OpenRemote } from "../../instance/reach.ts";
import type { AddRequest, AddResult } from "../add/add.ts";
import { requireSound } from "../add/check_request.ts";
import type { Prepared } from "../add/prepared.ts";
import { UniqueSources } from "../add/unique_sources.ts";
import { PreparedPieces } from "../add/prepared_pieces.ts";
import type { Refused } from "../add/source.ts";
import { lookElsewhere, type RemoteSource } from "./look_elsewhere.ts";
import { planRegistered, recordRegistered, type StoragePieces } from "./record_registered.ts";
import { remotePlace } from "./remote_place.ts";

/** So many names of a listing come together, and leave as much to be tidied up. */
const listedAtOnce = 1000;

/** What `lamin add` is told of URLs. */
export type RegisterRequest = Omit<AddRequest, "mode" | "input" | "allowKeyless" | "onTotal"> & {
  readonly openRemote: OpenRemote;
};

/**
 * Registers files and folders where they lie on servers: nothing is read or moved, sizes and hashes
 * are those that the servers tell, as LaminDB takes them (COMPAT §4.1). All rows come in one
 * transaction, once everything was listed. The storages count as named by the user from then on.
 *
 * Throws code "usage" for keys that are missing or clash, "not_found" where there is nothing.
 */
export async function register(instance: Instance, request: RegisterRequest): Promise<AddResult> {
  if (!request.dryRun) instance.requireWritable();
  requireSound({ ...request, mode: "in place", allowKeyless: false });
  if (request.key !== undefined && request.paths.length > 1) throw severalForKey();
  const hashing = await instance.host.hashing();
  const found = new Registering(hashing, request);
  for (const url of request.paths) {
    const place = remotePlace(instance, url);
    const pieces = found.piecesOf(place.root, place.storage?.id);
    const blobs = storeOf(instance, request, place.root, place.storage?.id);
    for await (const source of lookElsewhere(blobs, hashing, place, request.folders)) {
      found.take(pieces, source);
      if (pieces.prepared.length % listedAtOnce === 0) instance.host.tidyMemory();
    }
  }
  const told = { unchanged: [], refused: found.refused, passedOver: [] };
  const all = [...found.storages.values()];
  const identity = (row: { hash: string | null; size: number | null }) =>
    identityOf(hashing, row.hash, row.size);
  if (request.dryRun) {
    const added = await instance.database.read((reader: Reader) =>
      planRegistered(instance, reader, request, all, identity)
    );
    return { ...told, added, operation: undefined };
  }
  const { added, operation } = await recordRegistered(instance, request, all, identity);
  for (const { root } of all) noteNamedByUser(instance.host, root);
  return { ...told, added, operation };
}

/** The user just named it, so it may be asked. */
function storeOf(
  instance: Instance,
  { openRemote }: RegisterRequest,
  root: string,
  storageId: number | undefined,
): BlobStore {
  return storageId === instance.storage.id ? instance.blobs : openRemote(root);
}

/** What was found so far, by storage. */
class Registering {
  readonly storages = new Map<string, StoragePieces>();
  readonly refused: Refused[] = [];
  readonly #unique = new UniqueSources(oneKeyTwice);

  constructor(private readonly hashing: Hashing, private readonly request: RegisterRequest) {}

  piecesOf(root: string, id: number | undefined): StoragePieces {
    const known = this.storages.get(root) ?? { root, id, prepared: new PreparedPieces() };
    this.storages.set(root, known);
    return known;
  }

  /** A name that cannot be a key is refused by name, so that it does not stop the others. */
  take({ root, prepared }: StoragePieces, source: RemoteSource): void {
    const key = this.#keyFor(source);
    if (key === undefined) return;
    if (!this.#unique.admits(`${root}/${source.name}`, key)) return;
    prepared.push(this.#prepared(source, key));
    this.request.onProgress?.(source.size, 1);
  }

  #keyFor({ name, outsideName }: RemoteSource): ArtifactKey | undefined {
    const { key, keyPrefix } = this.request;
    const prefixed = keyPrefix && `${keyPrefix.replace(/\/+$/, "")}/${outsideName}`;
    try {
      return parseKey(key ?? prefixed ?? name);
    } catch (error) {
      if (!(error instanceof LaminError) || key !== undefined) throw error;
      this.refused.push({ path: name, why: error.message });
      return undefined;
    }
  }

  #prepared({ name, size, hash, hashType, files }: RemoteSource, key: ArtifactKey): Prepared {
    return {
      source: { path: name, workPath: undefined, key, isFolder: files !== undefined },
      sha256: identityOf(this.hashing, hash, size),
      hash: hash ?? "",
      hashType: hashType ?? "",
      size,
      suffix: suffixFor(name, key),
      otype: objectTypeOf(name, null),
      manifest: undefined,
      ...(files === undefined ? {} : { files }),
      staged: [],
    };
  }
}

/**
 * What stands for the SHA-256 of content that nobody read: two are taken for the same where what
 * the server calls them is, or their size where it calls them nothing.
 */
function identityOf(hashing: Hashing, hash: string | null, size: number | null): string {
  return hashing.textSha256(hash === null ? `size ${size}` : `hash ${hash}`);
}

/** LaminDB wants the suffixes of a path and of its key to agree (COMPAT §5.3). */
function suffixFor(name: string, key: string): string {
  const ofName = suffixOf(name);
  const ofKey = key === name ? ofName : suffixOf(key);
  if (ofName.raw === ofKey.raw) return ofName.canonical;
  throw new LaminError(
    "usage",
    `the key ${key} ends in '${ofKey.raw}' and the file in '${ofName.raw}'`,
    { hint: "give a key with the suffix of the file" },
  );
}

function severalForKey(): LaminError {
  return new LaminError("usage", "--key names one artifact, but there are several addresses", {
    hint: "use --key-prefix to put them all below one prefix",
  });
}

function oneKeyTwice(key: string, one: string, other: string): LaminError {
  return new LaminError("usage", `two files would get the key ${key}`, {
    hint: `${one} and ${other}: add them one by one with --key, or a folder '--as folder'`,
    data: { key },
  });
}
