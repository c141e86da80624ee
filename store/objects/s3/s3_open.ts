import { noBytesAt } from "../blob_name.ts";
import type { BlobReader } from "../blob_store.ts";
import { openRanges } from "../http/range_reader.ts";
import type { S3Client } from "./s3_client.ts";
import { codeOf } from "./s3_error.ts";

/** Opens an object for reading by ranges. Throws code "not_found". */
export async function openObject(client: S3Client, name: string): Promise<BlobReader> {
  const key = client.keyOf(name);
  const reading = { what: `read ${name}`, permission: "s3:GetObject", key };
  return await openRanges({
    name,
    isRight: (bytes, headers) => {
      const told = headers.get("x-amz-checksum-sha256");
      // One with a number behind is made of the checksums of parts.
      return told === null || told.includes("-") || told === client.sha256(bytes).toBase64();
    },
    attempts: client.http.patience.attempts,
    get: async (from, to, version) => {
      const answer = await client.begin({
        ...reading,
        method: "GET",
        headers: {
          ...(client.sendsChecksums ? { "x-amz-checksum-mode": "ENABLED" } : {}),
          range: `bytes=${from}-${to === undefined ? "" : to - 1}`,
          ...(version?.startsWith('"') ? { "if-match": version } : {}),
        },
        expects: [200, 206, 404, 412, 416],
      });
      if (answer.status !== 404) return answer;
      const { status, headers } = answer;
      const body = await answer.bytes(1 << 20).catch(() => new Uint8Array());
      const whole = { status, headers, body };
      if (codeOf(whole) === "NoSuchBucket") throw client.failure(whole, reading);
      throw noBytesAt(name);
    },
  });
}
