import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import type { BlobStore } from "../../../store/objects/blob_store.ts";
import { join } from "../../../store/path.ts";
import { WorkIndex } from "../../../store/work_index/work_index.ts";
import { liesHere } from "../../artifact/lies_here.ts";
import { type ArtifactRow, storageKeyOf } from "../../artifact/storage_key.ts";
import { openCache } from "../../cache/open_cache.ts";
import { ownStorages } from "../../gc/own_storages.ts";
import { storedObjects } from "../../gc/stored_objects.ts";
import { parseRelativePath } from "../../identity/key.ts";
import type { Instance } from "../../instance/instance.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import type { WantedFile } from "../finding.ts";

/** Where a copy may be: the absolute path of a file of this machine, or a name on a server. */
export type CopyPlace = string | { readonly blobs: BlobStore; readonly name: string };

/**
 * Where other copies of wanted files may be: objects with another suffix, files of folders, what
 * Python stored, data in place, the work tree. None is to be trusted before it was hashed.
 */
export class Copies {
  readonly #byHash = new Map<string, Set<string>>();
  /** By hash, and by storage and name. */
  readonly #onServers = new Map<string, Map<string, CopyPlace>>();

  private constructor(private readonly instance: Instance) {}

  static async find(instance: Instance, wanted: readonly WantedFile[]): Promise<Copies> {
    const copies = new Copies(instance);
    const hashes = new Set(wanted.flatMap((file) => file.sha256 ?? []));
    const laminHashes = new Set(wanted.flatMap((file) => file.hash ?? []));
    await instance.database.read(async (reader) => {
      const manifests = await copies.#addArtifacts(reader, hashes, laminHashes);
      await copies.#addObjects(hashes, manifests);
    });
    await copies.#addIndexed(hashes);
    return copies;
  }

  /** Where the bytes of a wanted file may be, the likeliest first, those on servers last. */
  of(file: WantedFile): CopyPlace[] {
    const cache = openCache(this.instance.host);
    const work = file.workPath === null ? undefined : this.#inWorkTree(file.workPath);
    return [
      ...new Set([
        ...this.#byHash.get(file.sha256 ?? "") ?? [],
        ...work === undefined ? [] : [work],
        ...this.#byHash.get(file.hash ?? "") ?? [],
        ...file.sha256 !== undefined && cache.has(file.sha256) ? [cache.pathOf(file.sha256)] : [],
        ...this.#onServers.get(file.sha256 ?? "")?.values() ?? [],
        ...this.#onServers.get(file.hash ?? "")?.values() ?? [],
      ]),
    ];
  }

  /** Adds what artifacts have; returns, by manifest, the wanted files that such a folder has. */
  async #addArtifacts(
    reader: Reader,
    hashes: ReadonlySet<string>,
    laminHashes: ReadonlySet<string>,
  ): Promise<Map<string, { path: string; sha256: string }[]>> {
    const same = reader.dialect.valuesOf([...laminHashes]);
    const twins = await reader.select(
      artifact,
      `n_files IS NULL AND hash IN (${same.sql})`,
      same.parameters,
    );
    for (const row of twins) this.#addArtifact(row.hash!, row, "");
    if (!(await this.instance.hasSideTables(reader))) return new Map();
    const list = reader.dialect.valuesOf([...hashes]);
    const members = await reader.all<{ manifest: string; path: string; sha256: string }>(
      `SELECT manifest, path, sha256 FROM lamin_manifestfile WHERE sha256 IN (${list.sql})`,
      list.parameters,
    );
    const manifests = Map.groupBy(members, ({ manifest }) => manifest);
    const contents = reader.dialect.valuesOf([...hashes, ...manifests.keys()]);
    const noted = await reader.all<{ artifact_id: number; sha256: string }>(
      `SELECT artifact_id, sha256 FROM lamin_content WHERE sha256 IN (${contents.sql})`,
      contents.parameters,
    );
    const ids = reader.dialect.valuesOf(noted.map(({ artifact_id }) => artifact_id));
    const rows = await reader.select(artifact, `id IN (${ids.sql})`, ids.parameters);
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const { artifact_id, sha256 } of noted) {
      const row = byId.get(artifact_id);
      if (row === undefined) continue;
      if (hashes.has(sha256)) this.#addArtifact(sha256, row, "");
      for (const file of manifests.get(sha256) ?? []) {
        this.#addArtifact(file.sha256, row, `/${file.path}`);
      }
    }
    return manifests;
  }

  /** Where an artifact lies, and where the user may have it. */
  #addArtifact(hash: string, row: ArtifactRow, below: string): void {
    this.#addBlob(hash, row.storage_id, storageKeyOf(row) + below);
    const work = row.key === null ? undefined : this.#inWorkTree(row.key + below);
    if (work !== undefined) this.#add(hash, work);
  }

  /** Objects of which no artifact may be left. */
  async #addObjects(
    hashes: ReadonlySet<string>,
    manifests: ReadonlyMap<string, readonly { path: string; sha256: string }[]>,
  ): Promise<void> {
    for (const { id } of ownStorages(this.instance)) {
      for await (const object of storedObjects(this.instance.blobsOf(id))) {
        if ("stray" in object) continue;
        if (!object.isFolder && hashes.has(object.sha256)) {
          this.#addBlob(object.sha256, id, object.name);
        }
        for (const { path, sha256 } of manifests.get(object.sha256) ?? []) {
          this.#addBlob(sha256, id, `${object.name}/${path}`);
        }
      }
    }
  }

  async #addIndexed(hashes: ReadonlySet<string>): Promise<void> {
    const index = new WorkIndex(this.instance.host, this.instance.workIndexPath);
    try {
      for (const { path, sha256 } of (await index.load()).values()) {
        const work = hashes.has(sha256) ? this.#inWorkTree(path) : undefined;
        if (work !== undefined) this.#add(sha256, work);
      }
    } finally {
      await index.close();
    }
  }

  #addBlob(hash: string, storageId: number, name: string): void {
    const blobs = orUndefined(() => this.instance.blobsOf(storageId));
    if (blobs === undefined) return;
    if (liesHere(blobs)) {
      const path = orUndefined(() => blobs.locate(name));
      if (path !== undefined) this.#add(hash, path);
    } else {
      const known = this.#onServers.get(hash) ?? new Map();
      this.#onServers.set(hash, known.set(`${storageId} ${name}`, { blobs, name }));
    }
  }

  #inWorkTree(path: string): string | undefined {
    return orUndefined(() => join(this.instance.workTree.root, parseRelativePath(path)));
  }

  #add(hash: string, path: string): void {
    const known = this.#byHash.get(hash);
    if (known === undefined) this.#byHash.set(hash, new Set([path]));
    else known.add(path);
  }
}

/** A name or a storage that is refused leads nowhere. */
function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}
