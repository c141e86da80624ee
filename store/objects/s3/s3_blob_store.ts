import type { Host } from "../../host/host.ts";
import { join } from "../../path.ts";
import { checkedName, nameTaken, noBytesAt } from "../blob_name.ts";
import type { BlobEntry, BlobReader, FolderEntry, UnfinishedBatch } from "../blob_store.ts";
import { forEachOf } from "../../for_each_of.ts";
import type { BlobSink, OutgoingAlias, OutgoingBlob } from "../remote/outgoing_blob.ts";
import type { RemoteBlobs } from "../remote/remote_blobs.ts";
import { stagingFolder } from "../staging.ts";
import type { S3Client } from "./s3_client.ts";
import { copyObject } from "./s3_copy.ts";
import { deleteObjects } from "./s3_delete.ts";
import { listPages, type S3Object } from "./s3_list.ts";
import { lookAt } from "./s3_look.ts";
import { openObject } from "./s3_open.ts";
import { S3Sink } from "./s3_sink.ts";
import { sizesOf } from "./s3_sizes.ts";
import { abandonedUploads, abortNamed, isUploadName } from "./s3_unfinished.ts";

/** Names are the same on all platforms. */
const anywhere = "linux";

/** How many requests of one call are under way at once. */
const width = 16;

/** A storage location in a bucket. */
export class S3Blobs implements RemoteBlobs {
  readonly kind = "s3";
  readonly #sink: BlobSink;
  readonly #journals: string;

  /** `local` is the absolute path of a local folder for what is under way. */
  constructor(private readonly host: Host, readonly client: S3Client, local: string) {
    this.#journals = join(local, "uploads");
    this.#sink = new S3Sink(host, client, this.#journals);
  }

  async sizes(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    for (const name of names) checkedName(name, anywhere);
    return await sizesOf(this.client, names.filter(isBlobName));
  }

  async entry(name: string): Promise<BlobEntry | undefined> {
    checkedName(name, anywhere);
    if (!isBlobName(name)) return undefined;
    const object = await lookAt(this.client, this.client.keyOf(name));
    return object && this.#entryOf(object);
  }

  async open(name: string): Promise<BlobReader> {
    checkedName(name, anywhere);
    if (!isBlobName(name)) throw noBytesAt(name);
    return await openObject(this.client, name);
  }

  async *list(folder: string): AsyncIterable<BlobEntry> {
    const prefix = this.#prefixOf(folder);
    for await (const { objects } of listPages(this.client, { prefix })) {
      for (const object of objects) {
        if (this.#isName(object.key)) yield this.#entryOf(object);
      }
    }
  }

  async entries(folder: string): Promise<readonly FolderEntry[]> {
    const prefix = this.#prefixOf(folder);
    const found: FolderEntry[] = [];
    const start = this.client.location.prefix.length;
    for await (const page of listPages(this.client, { prefix, delimiter: "/" })) {
      for (const { key } of page.objects) {
        if (this.#isName(key)) found.push({ name: key.slice(start), kind: "blob" });
      }
      for (const folder of page.prefixes) {
        const key = folder.slice(0, -1);
        if (this.#isName(key)) found.push({ name: key.slice(start), kind: "folder" });
      }
    }
    return found;
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) checkedName(name, anywhere);
    const keys = names.filter(isBlobName).map((name) => this.client.keyOf(name));
    await deleteObjects(this.client, keys);
    for (const name of names) {
      if (isUploadName(name)) await abortNamed(this.client, name);
      else if (!isBlobName(name)) await this.#removeFolder(name);
    }
  }

  async #removeFolder(name: string): Promise<void> {
    for await (const { objects } of listPages(this.client, { prefix: this.#prefixOf(name) })) {
      await deleteObjects(this.client, objects.map(({ key }) => key));
    }
  }

  async move(from: string, to: string): Promise<boolean> {
    const [source, target] = [this.#keyOf(from), this.#keyOf(to)];
    const objects = await this.#below(source);
    if (objects.length === 0) return false;
    if ((await this.#below(target, 1)).length > 0) throw nameTaken(to);
    await forEachOf(objects, width, async (object) => {
      await copyObject(this.client, object, target + object.key.slice(source.length));
    });
    await deleteObjects(this.client, objects.map(({ key }) => key));
    return true;
  }

  /** The object of a key and those below it, of a folder. */
  async #below(key: string, max = Infinity): Promise<S3Object[]> {
    const own = await lookAt(this.client, key);
    const found = own === undefined ? [] : [own];
    const options = { prefix: `${key}/`, ...(max === Infinity ? {} : { pageSize: max }) };
    for await (const { objects } of listPages(this.client, options)) {
      found.push(...objects);
      if (found.length >= max) break;
    }
    return found;
  }

  async send(blobs: readonly OutgoingBlob[], aliases: readonly OutgoingAlias[]): Promise<void> {
    await this.#sink.send(blobs, aliases);
  }

  /** Uploads in parts that were neither completed nor given up. */
  async unfinished(): Promise<readonly UnfinishedBatch[]> {
    return await abandonedUploads(this.host, this.client, this.#journals);
  }

  #keyOf(name: string): string {
    return this.client.keyOf(checkedName(name, anywhere));
  }

  #prefixOf(folder: string): string {
    return `${this.#keyOf(folder)}/`;
  }

  /** Whether a key of the bucket can be a name here: Python and others mark folders with `a/`. */
  #isName(key: string): boolean {
    const name = key.slice(this.client.location.prefix.length);
    const isOdd = name.includes("\0") || name.split("/").some((part) => /^\.{0,2}$/.test(part));
    return !isOdd && !name.startsWith(`${stagingFolder}/`) && name !== stagingFolder;
  }

  #entryOf({ key, size, etag, modified }: S3Object): BlobEntry {
    const name = key.slice(this.client.location.prefix.length);
    return { name, size, writtenAt: modified, etag };
  }
}

function isBlobName(name: string): boolean {
  return !name.endsWith("/");
}
