import { LaminError } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import { noBytesAt } from "../blob_name.ts";
import { forEachOf } from "../../for_each_of.ts";
import { Slots } from "../http/slots.ts";
import type { BlobSink, OutgoingAlias, OutgoingBlob } from "../remote/outgoing_blob.ts";
import type { S3Client } from "./s3_client.ts";
import { copyObject } from "./s3_copy.ts";
import { lookAt } from "./s3_look.ts";
import { checkContent, type Condition, presentObject, putObject } from "./s3_put.ts";
import { uploadInParts } from "./s3_upload.ts";

/** Larger blobs go in parts. */
export const inOneCallMax = 16 << 20;

/** From here on it is looked first whether the blob is there: that is cheaper than to send it. */
const lookedForMin = 1 << 20;

/** Bodies that are in memory at once, in pieces of a MiB. */
const bodiesMax = 48;

/** How many blobs are sent at once. */
const sentAtOnce = 24;

/** How often a name is tried that others write and remove meanwhile. */
const triesMax = 5;

/** Sends batches of blobs into a bucket. */
export class S3Sink implements BlobSink {
  readonly #room = new Slots(bodiesMax);

  /** `journals` is the local folder for notes about uploads in parts. */
  constructor(
    private readonly host: Host,
    private readonly client: S3Client,
    private readonly journals: string,
  ) {}

  async send(blobs: readonly OutgoingBlob[], aliases: readonly OutgoingAlias[]): Promise<void> {
    const [small, large] = [[] as OutgoingBlob[], [] as OutgoingBlob[]];
    for (const blob of blobs) (blob.size > inOneCallMax ? large : small).push(blob);
    await forEachOf(small, sentAtOnce, (blob) => this.#sendWhole(blob).catch(blob.fail));
    for (const blob of large) await this.#sendInParts(blob).catch(blob.fail);
    await this.#makeAliases(aliases);
  }

  async #sendWhole(blob: OutgoingBlob): Promise<void> {
    const key = this.client.keyOf(blob.name);
    await this.#room.run(async () => {
      let condition: Condition = { isNew: true };
      if (blob.size >= lookedForMin || !this.client.hasConditions) {
        const present = await presentObject(this.client, key, blob.size);
        if (present.isWhole) return;
        condition = present.condition;
      }
      const bytes = await bytesOf(blob);
      const sha256 = this.client.sha256(bytes);
      checkContent(blob, sha256);
      for (let attempt = 0;; attempt++) {
        const isPlain = attempt >= triesMax || !this.client.hasConditions;
        const asked = isPlain ? undefined : condition;
        if (await this.#put(key, bytes, sha256, asked)) return;
        const present = await presentObject(this.client, key, blob.size);
        if (present.isWhole) return;
        condition = present.condition;
      }
    }, Math.ceil(blob.size / 2 ** 20) || 1);
  }

  /** Whether it was written; false when the condition was not met. */
  async #put(
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    sha256: Uint8Array,
    condition: Condition,
  ): Promise<boolean> {
    try {
      return await putObject(this.client, key, bytes, sha256, condition) !== undefined;
    } catch (error) {
      // A server that refuses before it has read a large body ends the connection: that looks like
      // a loss, and the object that is in the way may be our own whose answer got lost.
      const isLost = error instanceof LaminError && error.cause !== undefined;
      if (!isLost || condition === undefined) throw error;
      const present = await presentObject(this.client, key, bytes.length).catch(() => undefined);
      if (present?.isWhole !== true) throw error;
      return true;
    }
  }

  async #sendInParts(blob: OutgoingBlob): Promise<void> {
    const key = this.client.keyOf(blob.name);
    const present = await presentObject(this.client, key, blob.size);
    if (present.isWhole) return;
    await uploadInParts(this.host, this.client, {
      blob,
      key,
      journals: this.journals,
      replaces: present.condition !== undefined && "etag" in present.condition,
    });
  }

  async #makeAliases(aliases: readonly OutgoingAlias[]): Promise<void> {
    // An alias of an alias of this batch is one of the original: neither has its name yet.
    const originals = new Map<string, string>();
    for (const { existing, name } of aliases) {
      originals.set(name, originals.get(existing) ?? existing);
    }
    await forEachOf(originals, 16, async ([name, original]) => {
      const from = await lookAt(this.client, this.client.keyOf(original));
      if (from === undefined) throw noBytesAt(original);
      const to = this.client.keyOf(name);
      if (!(await presentObject(this.client, to, from.size)).isWhole) {
        await copyObject(this.client, from, to);
      }
    });
  }
}

/** All bytes of a small blob. Throws code "conflict" when they changed since they were staged. */
async function bytesOf(blob: OutgoingBlob): Promise<Uint8Array<ArrayBuffer>> {
  blob.check();
  const reader = blob.open();
  try {
    const bytes = await reader.read(0, blob.size) as Uint8Array<ArrayBuffer>;
    blob.check();
    if (bytes.length !== blob.size) throw noBytesAt(blob.name);
    return bytes;
  } finally {
    reader.close();
  }
}
