import { FileError, type Host } from "../../host/host.ts";
import { dirname, join } from "../../path.ts";
import { checkedName } from "../blob_name.ts";
import type { BlobBatch, LeaveOut, StagedBlob } from "../blob_store.ts";
import { ifThere } from "../if_there.ts";
import { deadBatches, newBatchName, noteBegin } from "../staging.ts";
import type { BlobSink, OutgoingAlias } from "./outgoing_blob.ts";
import { SourceBlob, type Spool, type Spooled, WrittenBlob } from "./spooled_blob.ts";

/** Bytes that a batch keeps in memory before it writes to its folder. */
const memoryMax = 16 << 20;

/** Up to here a file is copied at once rather than read when the batch is published. */
const copiedMax = 1 << 16;

/** No server's names are bound to a platform. */
const anywhere = "linux";

/**
 * Blobs on their way to a server. They wait here, in memory or in a local folder, which also tells
 * others on this machine that the batch is under way; the server sees nothing before `publish`.
 */
export class SpoolBatch implements BlobBatch {
  readonly #spool: Spool;
  readonly #folder: string;
  readonly #unnamed = new Set<Spooled>();
  readonly #named = new Map<string, Spooled>();
  readonly #aliases: OutgoingAlias[] = [];
  #memory = 0;
  #hasBegun = false;
  #count = 0;

  /**
   * `folder` is the absolute path of the folder for all batches of this storage and user;
   * `partSizeOf` tells in which parts the server gets a blob of that size, where their digests are
   * of use.
   */
  constructor(
    private readonly host: Host,
    private readonly folder: string,
    private readonly sink: BlobSink,
    private readonly partSizeOf: (size: number) => number | undefined,
  ) {
    this.#folder = join(folder, newBatchName(host));
    this.#spool = {
      files: host.files,
      nextPath: () => join(this.#folder, String(this.#count++)),
      takeMemory: (count) => {
        const isFree = this.#memory + count <= memoryMax;
        if (isFree) this.#memory += count;
        return isFree;
      },
      giveMemory: (count) => void (this.#memory -= count),
    };
  }

  create(): StagedBlob {
    return this.#stage(() => new WrittenBlob(this.#spool));
  }

  copyOf(path: string): StagedBlob {
    const { files } = this.host;
    const source = this.#stage(() => new SourceBlob(this.host, path, this.partSizeOf));
    if (source.size > copiedMax) return source;
    this.#unnamed.delete(source);
    const copy = this.#stage(() => new WrittenBlob(this.#spool));
    copy.write(files.readFile(path));
    copy.close();
    return copy;
  }

  linkOf(path: string): StagedBlob {
    return this.copyOf(path);
  }

  /** What is on the server under that name shows when the batch is published. */
  name(staged: StagedBlob, name: string): boolean {
    checkedName(name, anywhere);
    const blob = staged as Spooled;
    blob.close();
    if (this.#named.has(name)) {
      this.drop(blob);
      return false;
    }
    this.#unnamed.delete(blob);
    this.#named.set(name, blob);
    blob.name = name;
    return true;
  }

  alias(existing: string, name: string): void {
    checkedName(existing, anywhere);
    checkedName(name, anywhere);
    this.#aliases.push({ existing, name });
  }

  drop(staged: StagedBlob): void {
    const blob = staged as Spooled;
    this.#unnamed.delete(blob);
    if (blob.name !== undefined) this.#named.delete(blob.name);
    blob.drop();
  }

  async publish(leaveOut?: LeaveOut): Promise<void> {
    for (const dead of deadBatches(this.host, this.folder)) this.#removeTree(dead);
    if (this.#named.size + this.#aliases.length === 0) return;
    this.#begin();
    const blobs = [...this.#named].map(([name, blob]) => ({
      name,
      size: blob.size,
      open: () => blob.openToSend(),
      parts: (size: number) => blob.parts(size),
      check: () => blob.check(),
      fail: (error: unknown) => {
        if (leaveOut === undefined || !blob.isAtFault(error)) throw error;
        leaveOut(blob, error);
      },
    }));
    await this.sink.send(blobs, this.#aliases);
    for (const blob of this.#named.values()) blob.drop();
    this.#named.clear();
    this.#aliases.length = 0;
  }

  discard(): void {
    for (const blob of [...this.#unnamed, ...this.#named.values()]) ifThere(() => blob.drop());
    this.#unnamed.clear();
    this.#named.clear();
    this.#aliases.length = 0;
    if (!this.#hasBegun) return;
    this.#hasBegun = false;
    this.#removeTree(this.#folder);
  }

  #stage<T extends Spooled>(make: () => T): T {
    this.#begin();
    const staged = make();
    this.#unnamed.add(staged);
    return staged;
  }

  #begin(): void {
    if (this.#hasBegun) return;
    const { files } = this.host;
    files.makeDirectory(dirname(this.#folder), { recursive: true, mode: 0o700 });
    files.makeDirectory(this.#folder, { mode: 0o700 });
    this.#hasBegun = true;
    noteBegin(this.host, this.#folder);
  }

  /** What cannot be removed now is found later as left over. */
  #removeTree(folder: string): void {
    try {
      this.host.files.removeTree(folder);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
}
