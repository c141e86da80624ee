import type { Host } from "../../host/host.ts";
import { join } from "../../path.ts";
import { checkedName } from "../blob_name.ts";
import type {
  BlobBatch,
  BlobEntry,
  BlobReader,
  BlobStore,
  FolderEntry,
  UnfinishedBatch,
} from "../blob_store.ts";
import { stagingFolder, unfinishedBatches } from "../staging.ts";
import type { RemoteBlobs } from "./remote_blobs.ts";
import { SpoolBatch } from "./spool_batch.ts";

/**
 * A storage location on a server. The code that speaks with it is loaded when it is asked for the
 * first time, and not by commands that never do.
 */
export class RemoteBlobStore implements BlobStore {
  readonly #spool: string;
  #blobs: Promise<RemoteBlobs> | undefined;

  /**
   * `local` is the absolute path of a local folder for what is under way to this location;
   * `partSizeOf` as SpoolBatch has it.
   */
  constructor(
    private readonly host: Host,
    readonly kind: BlobStore["kind"],
    local: string,
    private readonly load: () => Promise<RemoteBlobs>,
    private readonly partSizeOf: (size: number) => number | undefined = () => undefined,
  ) {
    this.#spool = join(local, "batches");
  }

  /** What speaks with the server. */
  loaded(): Promise<RemoteBlobs> {
    return this.#blobs ??= this.load();
  }

  async sizes(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return await (await this.loaded()).sizes(names);
  }

  async entry(name: string): Promise<BlobEntry | undefined> {
    return await (await this.loaded()).entry(name);
  }

  async open(name: string): Promise<BlobReader> {
    return await (await this.loaded()).open(name);
  }

  async *list(folder: string): AsyncIterable<BlobEntry> {
    yield* (await this.loaded()).list(folder);
  }

  async entries(folder: string): Promise<readonly FolderEntry[]> {
    return await (await this.loaded()).entries(folder);
  }

  async remove(names: readonly string[]): Promise<void> {
    const batches = new Map(
      this.#batches().map(({ name }) => [name, join(this.#spool, lastPart(name))]),
    );
    const remote = names.filter((name) => !batches.has(name));
    for (const name of names) {
      const path = batches.get(name);
      if (path !== undefined) this.host.files.removeTree(path);
    }
    if (remote.length > 0) await (await this.loaded()).remove(remote);
  }

  async move(from: string, to: string): Promise<boolean> {
    return await (await this.loaded()).move(from, to);
  }

  /** There is none: the name is checked all the same. */
  locate(name: string): undefined {
    checkedName(name, "linux");
    return undefined;
  }

  batch(): BlobBatch {
    return new SpoolBatch(this.host, this.#spool, {
      send: async (blobs, aliases) => await (await this.loaded()).send(blobs, aliases),
    }, this.partSizeOf);
  }

  async unfinished(): Promise<readonly UnfinishedBatch[]> {
    // Servers tell in whole seconds when something was written: of what was written in the second
    // in which a batch began they say that it was before.
    const own = this.#batches().map((batch) => ({ ...batch, begunAt: inSeconds(batch.begunAt) }));
    return [...own, ...await (await this.loaded()).unfinished()];
  }

  #batches(): readonly UnfinishedBatch[] {
    return unfinishedBatches(this.host, this.#spool);
  }
}

function inSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}

/** The name of a batch's folder in `.lamindb/objects/staging/`. */
function lastPart(name: string): string {
  return name.slice(stagingFolder.length + 1, -1);
}
