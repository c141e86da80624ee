import { LaminError } from "../../errors.ts";
import type { Hasher, Hashing, Host } from "../../host/host.ts";
import type { BlobReader } from "../blob_store.ts";
import { forEachOf } from "../../for_each_of.ts";
import type { OutgoingBlob } from "../remote/outgoing_blob.ts";
import type { S3Client } from "./s3_client.ts";
import { lookAt } from "./s3_look.ts";
import { partSizeOf } from "./part_size.ts";
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  type UploadedPart,
} from "./s3_parts.ts";
import { changedBefore, checkContent } from "./s3_put.ts";
import { UploadJournal } from "./upload_journal.ts";

export interface PartsUpload {
  readonly blob: OutgoingBlob;
  readonly key: string;
  /** The local folder for notes. */
  readonly journals: string;
  /** Whether what is there now is to be replaced. */
  readonly replaces: boolean;
}

const mebibyte = 2 ** 20;

/** Parts in memory, together. */
const partsInMemory = 4 * 8 * mebibyte;

/**
 * Sends a large blob in parts, some at once. Goes on where a process died, with the parts that are
 * proven to hold the same bytes. What another wrote under the name meanwhile is kept.
 */
export async function uploadInParts(
  host: Host,
  client: S3Client,
  upload: PartsUpload,
): Promise<void> {
  const { blob, key } = upload;
  const place = `${client.origin}/${client.location.bucket}`;
  const hashing = await host.hashing();
  const journal = UploadJournal.open(host, hashing, upload.journals, place, key);
  const sender = new Sender(client, blob, key, journal);
  try {
    blob.check();
    await sender.begin();
    await sender.send(hashing);
    blob.check();
    await sender.complete(upload.replaces);
  } catch (error) {
    await sender.fail(error);
    throw error;
  }
  journal.remove();
}

class Sender {
  readonly #done: UploadedPart[] = [];
  #present: ReadonlyMap<number, { etag: string; size: number }> = new Map();
  #partSize: number;
  #upload = "";

  constructor(
    private readonly client: S3Client,
    private readonly blob: OutgoingBlob,
    private readonly key: string,
    private readonly journal: UploadJournal,
  ) {
    this.#partSize = partSizeOf(blob.size);
  }

  /** Finds the upload that was begun by a dead process, or begins one. */
  async begin(): Promise<void> {
    const { head } = this.journal;
    if (head !== undefined && head.size === this.blob.size) {
      const present = await listParts(this.client, this.key, head.upload);
      if (present !== undefined) {
        [this.#present, this.#upload, this.#partSize] = [present, head.upload, head.partSize];
        return;
      }
    }
    this.#upload = await createUpload(this.client, this.key, this.client.sendsChecksums);
    const { key, blob: { size } } = this;
    this.journal.begin({ key, upload: this.#upload, size, partSize: this.#partSize });
  }

  async send(hashing: Hashing): Promise<void> {
    const digests = await this.#digests();
    const whole = digests === undefined ? hashing.create("sha256") : undefined;
    const count = Math.ceil(this.blob.size / this.#partSize);
    const width = Math.max(1, Math.floor(partsInMemory / this.#partSize));
    const reader = this.blob.open();
    // Used again and again: engines are in no hurry to collect large buffers.
    const buffers = Array.from({ length: width }, () => new Uint8Array(this.#partSize));
    try {
      // Read one after another, so that the hash of the whole goes along.
      let last: Promise<unknown> = Promise.resolve();
      const numbers = Array.from({ length: count }, (_, index) => index + 1);
      await forEachOf(numbers, width, async (number) => {
        const buffer = buffers.pop()!;
        const reading = last.then(() => this.#read(reader, number, whole, buffer));
        last = reading;
        const bytes = await reading;
        await this.#sendPart(number, bytes, digests?.[number - 1] ?? this.client.sha256(bytes));
        buffers.push(buffer);
      });
    } finally {
      reader.close();
    }
    if (whole !== undefined) checkContent(this.blob, whole.digest());
  }

  /**
   * SHA-256 of the parts from when the blob was hashed as a whole, for the server to compare with
   * what it gets; undefined where all has to be hashed once more here.
   */
  async #digests(): Promise<readonly Uint8Array[] | undefined> {
    const compares = this.client.sendsChecksums && !this.client.isAnonymous;
    return compares ? await this.blob.parts(this.#partSize) : undefined;
  }

  async #read(
    reader: BlobReader,
    number: number,
    whole: Hasher | undefined,
    buffer: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const offset = (number - 1) * this.#partSize;
    const length = Math.min(this.#partSize, this.blob.size - offset);
    const bytes = await reader.read(offset, length, buffer) as Uint8Array<ArrayBuffer>;
    // The check that follows says what changed.
    if (bytes.length !== length) this.blob.check();
    whole?.update(bytes);
    return bytes;
  }

  async #sendPart(
    number: number,
    bytes: Uint8Array<ArrayBuffer>,
    sha256: Uint8Array,
  ): Promise<void> {
    const hex = sha256.toHex();
    const checksum = this.client.sendsChecksums ? sha256.toBase64() : undefined;
    const [noted, present] = [this.journal.part(number), this.#present.get(number)];
    const isThere = noted !== undefined && noted.sha256 === hex && present?.etag === noted.etag &&
      present.size === bytes.length;
    const etag = isThere ? noted.etag : await this.#put(number, bytes, hex, checksum).catch(
      (error) => {
        // What the server says of other bytes than those that were hashed is about damage.
        throw this.client.sha256(bytes).toHex() === hex ? error : changedBefore(this.blob);
      },
    );
    if (!isThere) this.journal.note({ number, etag, sha256: hex });
    this.#done.push({ number, etag, sha256: checksum });
  }

  async #put(
    number: number,
    body: Uint8Array<ArrayBuffer>,
    sha256: string,
    checksum: string | undefined,
  ): Promise<string> {
    const { headers } = await this.client.call({
      what: `write ${this.key}`,
      permission: "s3:PutObject",
      key: this.key,
      method: "PUT",
      query: { partNumber: String(number), uploadId: this.#upload },
      headers: checksum === undefined ? {} : { "x-amz-checksum-sha256": checksum },
      body,
      sha256,
      expects: [200],
    });
    return headers.get("etag") ?? "";
  }

  async complete(replaces: boolean): Promise<void> {
    const { key, blob: { size } } = this;
    const completion = { key, upload: this.#upload, parts: this.#done, size };
    for (let replacesNow = replaces || !this.client.hasConditions;;) {
      if (await completeUpload(this.client, { ...completion, replaces: replacesNow })) return;
      const present = await lookAt(this.client, key);
      if (present?.size === size) {
        await abortUpload(this.client, key, this.#upload);
        return;
      }
      replacesNow = present !== undefined;
    }
  }

  /** Parts are kept for another try where that may help: not when the bytes are wrong. */
  async fail(error: unknown): Promise<void> {
    const isWrong = error instanceof LaminError && error.code === "conflict";
    if (!isWrong || this.#upload === "") return this.journal.leave();
    await abortUpload(this.client, this.key, this.#upload).catch(() => {});
    this.journal.remove();
  }
}
