import { LaminError } from "../../errors.ts";
import type { S3Client } from "./s3_client.ts";
import { putObject } from "./s3_put.ts";

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
