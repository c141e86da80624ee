import { LaminError } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import type { UnfinishedBatch } from "../blob_store.ts";
import { stagingFolder } from "../staging.ts";
import type { S3Client } from "./s3_client.ts";
import { abortUpload, listParts, openUploads } from "./s3_parts.ts";
import { notedUploads } from "./upload_journal.ts";

/** An upload of which nothing is known is given up when it is this old. */
const restMs = 24 * 60 * 60 * 1000;

/** Uploads are named like folders of batches, so that `remove` can be told to give them up. */
const start = `${stagingFolder}/uploads/`;

/** Whether a name is that of an upload in parts. */
export function isUploadName(name: string): boolean {
  return name.startsWith(start) && name.endsWith("/") && name.length > start.length;
}

/** The uploads in parts below the storage, of this machine's processes and of others. */
export async function abandonedUploads(
  host: Host,
  client: S3Client,
  journals: string,
): Promise<UnfinishedBatch[]> {
  const noted = notedUploads(host, journals);
  const found: UnfinishedBatch[] = [];
  for await (const { key, upload, begunAt } of openUploads(client, client.location.prefix)) {
    const parts = await listParts(client, key, upload);
    if (parts === undefined) continue;
    const isOld = host.now().getTime() - begunAt.getTime() > restMs;
    found.push({
      name: `${start}${hexOf(upload)}/${hexOf(key)}/`,
      size: [...parts.values()].reduce((sum, part) => sum + part.size, 0),
      begunAt,
      isAbandoned: noted.get(upload)?.isDead ?? isOld,
    });
  }
  return found;
}

/** Gives up the upload of such a name. Throws code "denied" for one outside the storage. */
export async function abortNamed(client: S3Client, name: string): Promise<void> {
  const [upload, key] = name.slice(start.length, -1).split("/").map(textOf);
  if (!key?.startsWith(client.location.prefix) || upload === undefined) {
    throw new LaminError("denied", `${name} is no upload in the storage`, { data: { name } });
  }
  await abortUpload(client, key, upload);
}

function hexOf(text: string): string {
  return new TextEncoder().encode(text).toHex();
}

function textOf(hex: string): string {
  return new TextDecoder().decode(Uint8Array.fromHex(hex));
}
