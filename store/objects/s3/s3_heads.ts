import { LaminError } from "../../errors.ts";
import { checkedName } from "../blob_name.ts";
import type { S3Client } from "./s3_client.ts";
import { codeOf } from "./s3_error.ts";
import { putObject } from "./s3_put.ts";

/** A small blob that says which state of something larger is the newest. */
export interface Head {
  readonly bytes: Uint8Array;
  /** What `swapHead` has to be told. */
  readonly etag: string;
}

/** Heads are small. */
const headMax = 1 << 20;

/** Reads a head, past all caches; undefined when there is none. */
export async function readHead(client: S3Client, name: string): Promise<Head | undefined> {
  checkedName(name, "linux");
  const call = {
    what: `read ${name}`,
    permission: "s3:GetObject",
    key: client.keyOf(name),
    method: "GET",
    expects: [200, 404],
  } as const;
  const answer = await client.call(call, headMax);
  if (answer.status === 404 && codeOf(answer) === "NoSuchBucket") {
    throw client.failure(answer, call);
  }
  if (answer.status === 404) return undefined;
  return { bytes: answer.body, etag: answer.headers.get("etag") ?? "" };
}

/**
 * Replaces a head if it still is the one with this ETag, or makes it if `expected` is null and
 * there is none; false when another was faster. The bytes must never be those of an earlier head,
 * so that an answer which got lost can be told from another's success.
 *
 * Throws code "failed" where the server knows no conditions, which `checkConditions` finds out.
 */
export async function swapHead(
  client: S3Client,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  expected: string | null,
): Promise<boolean> {
  checkedName(name, "linux");
  await checkConditions(client, name);
  const condition = expected === null ? { isNew: true } as const : { etag: expected };
  const key = client.keyOf(name);
  const sha256 = client.sha256(bytes);
  if (await putObject(client, key, bytes, sha256, condition) !== undefined) return true;
  // Refused is also the second attempt of what was done by a first one without an answer.
  const now = await readHead(client, name);
  return now !== undefined && now.bytes.length === bytes.length &&
    now.bytes.every((byte, index) => byte === bytes[index]);
}

const checked = new WeakMap<S3Client, Promise<void>>();

/**
 * Makes sure, once for a client, that the server keeps the conditions of writes and does not only
 * pass over them. Leaves nothing. Throws code "failed".
 */
export async function checkConditions(client: S3Client, besides: string): Promise<void> {
  const known = checked.get(client) ?? keepsConditions(client, besides);
  checked.set(client, known);
  try {
    await known;
  } catch (error) {
    checked.delete(client);
    throw error;
  }
}

async function keepsConditions(client: S3Client, besides: string): Promise<void> {
  const key = `${client.keyOf(besides)}.${crypto.randomUUID()}.trial`;
  const put = async (text: string, condition: { isNew: true } | { etag: string } | undefined) => {
    const bytes = new TextEncoder().encode(text);
    return await putObject(client, key, bytes, client.sha256(bytes), condition);
  };
  try {
    const first = client.hasConditions ? await put("1", undefined) : undefined;
    const isKept = first !== undefined && await put("2", { isNew: true }) === undefined &&
      await put("3", { etag: '"0123456789abcdef0123456789abcdef"' }) === undefined &&
      await put("4", { etag: first }) !== undefined;
    if (isKept) return;
  } finally {
    await client.call({
      what: "remove a trial",
      permission: "s3:DeleteObject",
      key,
      method: "DELETE",
      expects: [200, 204, 403, 404],
    });
  }
  throw new LaminError("failed", "the server cannot write on condition that nothing changed", {
    hint: "use a server that knows If-Match and If-None-Match for PUT",
    data: { bucket: client.location.bucket },
  });
}
