import { parseContentRange, totalOfUnsatisfied } from "../http/content_range.ts";
import type { WholeAnswer } from "../http/http_client.ts";
import type { S3Client } from "./s3_client.ts";
import type { S3Object } from "./s3_list.ts";

/**
 * Size, ETag and time of an object; undefined when there is none. Some servers and some signatures
 * allow no HEAD: then the first byte is fetched.
 */
export async function lookAt(client: S3Client, key: string): Promise<S3Object | undefined> {
  const tried = { what: `look at ${key}`, permission: "s3:GetObject", key };
  const head = await client.call({
    ...tried,
    method: "HEAD",
    // 403 is also what S3 says of nothing to those who may not list.
    expects: [200, 400, 403, 404, 405, 501],
  });
  if (head.status === 404) return undefined;
  if (head.status === 200) return objectOf(key, head, lengthOf(head));
  const first = await client.call({
    ...tried,
    method: "GET",
    headers: { range: "bytes=0-0" },
    expects: [200, 206, 404, 416],
  });
  if (first.status === 404) return undefined;
  const range = first.headers.get("content-range");
  const size = first.status === 206
    ? parseContentRange(range)?.total
    : first.status === 416
    ? totalOfUnsatisfied(range) ?? 0
    : first.body.length;
  return objectOf(key, first, size);
}

function objectOf(key: string, answer: WholeAnswer, size: number | undefined): S3Object {
  if (size === undefined) throw new TypeError(`no size of ${key} is told`);
  const modified = Date.parse(answer.headers.get("last-modified") ?? "");
  return {
    key,
    size,
    etag: answer.headers.get("etag") ?? "",
    modified: new Date(Number.isNaN(modified) ? 0 : modified),
  };
}

function lengthOf({ headers }: WholeAnswer): number | undefined {
  const text = headers.get("content-length");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
