import { LaminError } from "../../errors.ts";
import type { OutgoingBlob } from "../remote/outgoing_blob.ts";
import type { S3Client } from "./s3_client.ts";
import { codeOf } from "./s3_error.ts";
import { lookAt } from "./s3_look.ts";

/** What is there under a name, as far as a write depends on it. */
export type Condition = { readonly isNew: true } | { readonly etag: string } | undefined;

/**
 * Writes a small object in one call, with its SHA-256 for the server to check. Gives its ETag;
 * undefined when the condition is not met, or the server turns out to know no conditions, which the
 * client remembers.
 */
export async function putObject(
  client: S3Client,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
  sha256: Uint8Array,
  condition: Condition,
): Promise<string | undefined> {
  const call = {
    what: `write ${key}`,
    permission: "s3:PutObject",
    key,
    method: "PUT",
    body: bytes,
    sha256: sha256.toHex(),
  } as const;
  const hasChecksum = client.sendsChecksums;
  const answer = await client.call({
    ...call,
    headers: {
      ...(hasChecksum ? { "x-amz-checksum-sha256": sha256.toBase64() } : {}),
      ...headersOf(condition),
    },
    expects: [200, 501, ...(condition === undefined ? [] : [404, 409, 412])],
  });
  if (answer.status === 200) return answer.headers.get("etag") ?? "";
  if (answer.status === 501) {
    if (!hasChecksum && condition === undefined) throw client.failure(answer, call);
    // Which of the two it does not know is found out one after the other.
    if (!hasChecksum) client.hasConditions = false;
    client.sendsChecksums = false;
    return hasChecksum ? await putObject(client, key, bytes, sha256, condition) : undefined;
  }
  // What is to be replaced may be gone; a bucket that is not there is another matter.
  if (codeOf(answer) === "NoSuchBucket") {
    throw client.failure(answer, call);
  }
  return undefined;
}

function headersOf(condition: Condition): Record<string, string> {
  if (condition === undefined) return {};
  return "isNew" in condition ? { "if-none-match": "*" } : { "if-match": condition.etag };
}

/**
 * Whether an object of this size is there already. One of another size is a torn one, and is
 * returned to be replaced.
 */
export async function presentObject(
  client: S3Client,
  key: string,
  size: number,
): Promise<{ isWhole: boolean; condition: Condition }> {
  const present = await lookAt(client, key);
  if (present === undefined) return { isWhole: false, condition: { isNew: true } };
  return { isWhole: present.size === size, condition: { etag: present.etag } };
}

/** The SHA-256 that the name of an object promises, where it does. */
const objectPattern = /^\.lamindb\/objects\/[0-9a-f]{2}\/([0-9a-f]{64})(\.[^/]*)?$/;

/** Throws code "conflict" when the bytes are not those that the name of the blob speaks of. */
export function checkContent(blob: OutgoingBlob, sha256: Uint8Array): void {
  const promised = objectPattern.exec(blob.name)?.[1];
  if (promised !== undefined && promised !== sha256.toHex()) throw changedBefore(blob);
}

/** The failure of bytes that are not those any more which were staged. */
export function changedBefore({ name }: OutgoingBlob): LaminError {
  return new LaminError("conflict", `the bytes for ${name} changed before they were stored`, {
    hint: "run the command again when nothing writes to them",
    data: { name },
  });
}
