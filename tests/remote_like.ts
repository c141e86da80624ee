/**
 * A store as on a server, over a folder: nothing has a path, files are sent when a batch is
 * published, every request is counted, and blobs have ETags as S3 makes them.
 */

import { createHash } from "node:crypto";
import { LaminError } from "../store/errors.ts";
import type { Host } from "../store/host/host.ts";
import type {
  BlobBatch,
  BlobEntry,
  BlobReader,
  BlobStore,
  StagedBlob,
} from "../store/objects/blob_store.ts";
import { DiskBlobStore } from "../store/objects/disk.ts";
import { openBlob } from "../store/objects/file_reader.ts";

/** How often a server was asked, by what for; a listing counts once for each thousand. */
export type Requests = Record<"head" | "get" | "put" | "list" | "delete" | "copy", number>;

export interface Server {
  /** The folder that holds the buckets. */
  readonly folder: string;
  readonly requests: Requests;
  /** Bytes that were read. */
  readonly bytes: { read: number };
  /** Most requests that were under way at a time. */
  readonly most: { underWay: number };
  /** While false, every request fails as without a network. */
  isReachable: boolean;
  /** How many requests pass before one fails, once. */
  passing?: number;
}

/** A server that keeps buckets in a folder. */
export function serverIn(folder: string): Server {
  return {
    folder,
    isReachable: true,
    requests: noRequests(),
    bytes: { read: 0 },
    most: { underWay: 0 },
  };
}

/** Sets the counts back, and gives what they were. */
export function countedRequests(server: Server): Requests {
  const counted = { ...server.requests };
  Object.assign(server.requests, noRequests());
  server.bytes.read = 0;
  return counted;
}

function noRequests(): Requests {
  return { head: 0, get: 0, put: 0, list: 0, delete: 0, copy: 0 };
}

/** The store of a root such as `s3://bucket/folder` on the server. */
export function remoteLike(host: Host, server: Server, root: string): BlobStore {
  const below = root.replace(/^[a-z0-9]+:\/\//, "").replace(/[?].*$/, "");
  return new RemoteLike(host, server, new DiskBlobStore(host, `${server.folder}/${below}`));
}

const pageLength = 1000;

class RemoteLike implements BlobStore {
  readonly kind = "memory";
  #underWay = 0;

  constructor(
    private readonly host: Host,
    private readonly server: Server,
    private readonly disk: DiskBlobStore,
  ) {}

  async sizes(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (names.length > 0) await this.ask("head", names.length);
    return await this.disk.sizes(names);
  }

  async entry(name: string): Promise<BlobEntry | undefined> {
    await this.ask("head");
    const entry = await this.disk.entry(name);
    return entry && this.#withEtag(entry);
  }

  async open(name: string): Promise<BlobReader> {
    await this.ask("head");
    const reader = await this.disk.open(name);
    let isBusy = false;
    return {
      size: reader.size,
      read: async (offset, length) => {
        // One answer of the server is gone through: two at a time would mix its bytes.
        if (isBusy) throw new TypeError("the reader is asked for two things at a time");
        isBusy = true;
        try {
          await this.ask("get");
          const bytes = await reader.read(offset, length);
          this.server.bytes.read += bytes.length;
          return bytes;
        } finally {
          isBusy = false;
        }
      },
      close: () => reader.close(),
    };
  }

  async *list(folder: string): AsyncIterable<BlobEntry> {
    await this.ask("list");
    const entries = (await Array.fromAsync(this.disk.list(folder)))
      .sort((a, b) => a.name < b.name ? -1 : 1);
    for (const [index, entry] of entries.entries()) {
      if (index > 0 && index % pageLength === 0) await this.ask("list");
      yield this.#withEtag(entry);
    }
  }

  async entries(folder: string) {
    await this.ask("list");
    return await this.disk.entries(folder);
  }

  async remove(names: readonly string[]): Promise<void> {
    await this.ask("delete", Math.ceil(names.length / pageLength));
    await this.disk.remove(names);
  }

  async move(from: string, to: string): Promise<boolean> {
    await this.ask("copy");
    return await this.disk.move(from, to);
  }

  locate(name: string): undefined {
    this.disk.path(name);
    return undefined;
  }

  batch(): BlobBatch {
    return new RemoteBatch(this.host, this, this.disk.batch());
  }

  async unfinished() {
    await this.ask("list");
    return await this.disk.unfinished();
  }

  async ask(what: keyof Requests, count = 1): Promise<void> {
    this.server.requests[what] += count;
    this.#underWay++;
    this.server.most.underWay = Math.max(this.server.most.underWay, this.#underWay);
    // So that others get their turn, as while a server is waited for.
    await new Promise((resolve) => setTimeout(resolve));
    this.#underWay--;
    const { passing } = this.server;
    if (passing !== undefined) this.server.passing = passing - 1;
    if (passing === 0) throw new LaminError("failed", "the connection was lost");
    if (!this.server.isReachable) throw new LaminError("failed", "the server cannot be reached");
  }

  /** Made when it is asked for, which is seldom. */
  #withEtag(entry: BlobEntry): BlobEntry {
    const bytes = () => this.host.files.readFile(this.disk.path(entry.name));
    return {
      ...entry,
      get etag() {
        return `"${createHash("md5").update(bytes()).digest("hex")}"`;
      },
    };
  }
}

/** Files are read when they are sent, and refused when they are not as they were. */
class RemoteBatch implements BlobBatch {
  readonly #files = new Set<LocalFile>();

  constructor(
    private readonly host: Host,
    private readonly store: RemoteLike,
    private readonly batch: BlobBatch,
  ) {}

  create(): StagedBlob {
    return this.batch.create();
  }

  copyOf(path: string): StagedBlob {
    const file = new LocalFile(this.host, path);
    this.#files.add(file);
    return file;
  }

  linkOf(path: string): StagedBlob {
    return this.copyOf(path);
  }

  name(staged: StagedBlob, name: string): boolean {
    if (!(staged instanceof LocalFile)) return this.batch.name(staged, name);
    staged.name = name;
    return true;
  }

  alias(existing: string, name: string): void {
    this.batch.alias(existing, name);
  }

  drop(staged: StagedBlob): void {
    if (!(staged instanceof LocalFile)) this.batch.drop(staged);
    else this.#files.delete(staged);
  }

  async publish(): Promise<void> {
    for (const file of this.#files) {
      if (file.name === undefined) continue;
      await this.store.ask("put");
      file.requireUntouched();
      this.batch.name(this.batch.copyOf(file.path), file.name);
      this.#files.delete(file);
    }
    await this.batch.publish();
  }

  discard(): void {
    this.#files.clear();
    this.batch.discard();
  }
}

class LocalFile implements StagedBlob {
  name: string | undefined;
  readonly #modifiedMs: number;

  constructor(private readonly host: Host, readonly path: string) {
    this.#modifiedMs = host.files.stat(path)!.modifiedMs;
  }

  requireUntouched(): void {
    if (this.host.files.stat(this.path)?.modifiedMs === this.#modifiedMs) return;
    throw new LaminError("conflict", `${this.path} changed before it was sent`);
  }

  write(): void {
    throw new TypeError("a local file is not written");
  }

  open(): BlobReader {
    return openBlob(this.host.files, this.path);
  }

  close(): void {}
}
