import type { BlobReader } from "../blob_store.ts";
import { openRanges } from "../http/range_reader.ts";
import type { S3Client } from "./s3_client.ts";

/** Opens an object for reading by ranges. Throws code "not_found". */
export async function openObject(client: S3Client, name: string): Promise<BlobReader> {
  const key = client.keyOf(name);
  return await openRanges({
    name,
    attempts: client.http.patience.attempts,
    get: (from, to, version) =>
      client.begin({
        what: `read ${name}`,
        permission: "s3:GetObject",
        key,
        method: "GET",
        headers: {
          range: `bytes=${from}-${to === undefined ? "" : to - 1}`,
          ...(version?.startsWith('"') ? { "if-match": version } : {}),
        },
        expects: [200, 206, 404, 412, 416],
      }),
  });
}
