import { noBytesAt } from "../blob_name.ts";
import { forEachOf } from "../../for_each_of.ts";
import { abortUpload, completeUpload, createUpload, type UploadedPart } from "./s3_parts.ts";
import type { S3Client } from "./s3_client.ts";
import type { S3Object } from "./s3_list.ts";
import { encodeKey } from "../remote/encode_key.ts";
import { Xml } from "./s3_xml.ts";

/** The largest object that one call copies. */
export const copiedAtOnceMax = 5 * 2 ** 30;

/** How much one call of many copies. */
const copiedPart = 2 ** 30;

/**
 * Copies an object within the bucket; the bytes stay on the server. What is there under the new key
 * is replaced. Throws code "not_found" when the object is gone or changed meanwhile.
 */
export async function copyObject(
  client: S3Client,
  from: S3Object,
  to: string,
  atOnceMax = copiedAtOnceMax,
): Promise<void> {
  if (from.size > atOnceMax) {
    return await copyParts(client, from, to, Math.min(copiedPart, atOnceMax));
  }
  const answer = await client.call({
    ...copying(from, to),
    query: {},
    headers: sourceOf(client, from),
    expects: [200, 404, 412],
  });
  if (answer.status !== 200) throw noBytesAt(from.key);
  // The status is sent before the copy is made.
  if (Xml.parseAny(answer.body)?.name !== "CopyObjectResult") {
    throw client.failure(answer, copying(from, to));
  }
}

async function copyParts(
  client: S3Client,
  from: S3Object,
  to: string,
  partSize: number,
): Promise<void> {
  const upload = await createUpload(client, to, false);
  try {
    const parts: UploadedPart[] = [];
    const count = Math.ceil(from.size / partSize);
    await forEachOf(Array.from({ length: count }, (_, index) => index), 4, async (index) => {
      const last = Math.min(from.size, (index + 1) * partSize) - 1;
      const answer = await client.call({
        ...copying(from, to),
        query: { partNumber: String(index + 1), uploadId: upload },
        headers: {
          ...sourceOf(client, from),
          "x-amz-copy-source-range": `bytes=${index * partSize}-${last}`,
        },
        expects: [200, 404, 412],
      });
      if (answer.status !== 200) throw noBytesAt(from.key);
      const etag = Xml.parse(answer.body, "CopyPartResult").text("ETag");
      parts.push({ number: index + 1, etag, sha256: undefined });
    });
    await completeUpload(client, { key: to, upload, parts, size: from.size, replaces: true });
  } catch (error) {
    await abortUpload(client, to, upload).catch(() => {});
    throw error;
  }
}

function copying(from: S3Object, to: string) {
  return {
    what: `copy ${from.key} to ${to}`,
    permission: "s3:PutObject (and s3:GetObject)",
    key: to,
    method: "PUT",
  } as const;
}

function sourceOf(client: S3Client, from: S3Object): Record<string, string> {
  return {
    "x-amz-copy-source": `/${client.location.bucket}/${encodeKey(from.key)}`,
    "x-amz-copy-source-if-match": from.etag,
  };
}
