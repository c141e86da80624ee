import { LaminError } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import { checkedName } from "../blob_name.ts";
import type { BlobReader } from "../blob_store.ts";
import { openRanges } from "../http/range_reader.ts";
import type { VersionedBlobs, VersionEntry } from "../versioned_blobs.ts";
import type { S3Client } from "./s3_client.ts";
import { checkConditions } from "./s3_conditions.ts";
import { codeOf } from "./s3_error.ts";
import { lookAt } from "./s3_look.ts";
import { putObject } from "./s3_put.ts";

/** The most bytes that S3 takes in one call. */
const onePutMax = 5 * 2 ** 30;

/** The most bytes that are read at once. */
const smallMax = 1 << 20;

/** Objects of a bucket that are replaced by conditional PUT. */
export class S3Versions implements VersionedBlobs {
  constructor(private readonly host: Host, private readonly client: S3Client) {}

  async look(name: string): Promise<VersionEntry | undefined> {
    const object = await lookAt(this.client, this.#keyOf(name));
    if (object === undefined) {
      await this.#requireNothing(name);
      return undefined;
    }
    return { name, size: object.size, etag: object.etag, writtenAt: object.modified };
  }

  /**
   * To a look, a server says by the same number that there is no such object, no such bucket and no
   * such user; to a read it says which. Throws for anything but the first.
   */
  async #requireNothing(name: string): Promise<void> {
    const call = {
      what: `read ${name}`,
      permission: "s3:GetObject",
      key: this.#keyOf(name),
      method: "GET",
      headers: { range: "bytes=0-0" },
      expects: [200, 206, 404, 416],
    } as const;
    const answer = await this.client.call(call, smallMax);
    const isOther = answer.status === 404 && !["NoSuchKey", ""].includes(codeOf(answer));
    if (isOther) throw this.client.failure(answer, call);
  }

  async readVersion(
    name: string,
  ): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
    const call = {
      what: `read ${name}`,
      permission: "s3:GetObject",
      key: this.#keyOf(name),
      method: "GET",
      expects: [200, 404],
    } as const;
    const answer = await this.client.call(call, smallMax);
    if (codeOf(answer) === "NoSuchBucket") throw this.client.failure(answer, call);
    if (answer.status === 404) return undefined;
    return { bytes: answer.body, etag: answer.headers.get("etag") ?? "" };
  }

  async openVersion(name: string, etag: string): Promise<BlobReader> {
    const key = this.#keyOf(name);
    return await openRanges({
      name,
      attempts: this.client.http.patience.attempts,
      get: (from, to) =>
        this.client.begin({
          what: `read ${name}`,
          permission: "s3:GetObject",
          key,
          method: "GET",
          headers: {
            range: `bytes=${from}-${to === undefined ? "" : to - 1}`,
            "if-match": etag,
          },
          expects: [200, 206, 404, 412, 416],
        }),
    });
  }

  async replace(
    name: string,
    content: Uint8Array | { readonly path: string },
    expected: string | null,
  ): Promise<string | undefined> {
    const bytes = content instanceof Uint8Array ? content : this.host.files.readFile(content.path);
    const body = bytes as Uint8Array<ArrayBuffer>;
    const condition = expected === null ? { isNew: true } as const : { etag: expected };
    const sha256 = this.client.sha256(body);
    return await putObject(this.client, this.#keyOf(name), body, sha256, condition);
  }

  #bytesOf(name: string, content: Uint8Array | { readonly path: string }): Uint8Array {
    if (content instanceof Uint8Array) return content;
    const { files } = this.host;
    const size = files.stat(content.path)?.size ?? 0;
    if (size <= onePutMax) return files.readFile(content.path);
    throw new LaminError("failed", `${name} has grown too large to be replaced at once`, {
      hint: "a bucket takes 5 GB in one call: 'lamin migrate-db' moves the rows to Postgres",
      data: { size },
    });
  }

  async requireConditions(name: string): Promise<void> {
    await checkConditions(this.client, checkedName(name, "linux"));
  }

  #keyOf(name: string): string {
    return this.client.keyOf(checkedName(name, "linux"));
  }
}
