import type { Trial } from "../probe.ts";
import type { RemoteBlobs } from "../remote/remote_blobs.ts";
import { S3Blobs } from "./s3_blob_store.ts";
import { checkConditions } from "./s3_heads.ts";
import { abortUpload, createUpload, listParts } from "./s3_parts.ts";

/** What S3 has beyond other stores: conditions for writing, and uploads in parts. */
export function s3ProbeTrials(blobs: RemoteBlobs, name: string): Trial[] {
  if (!(blobs instanceof S3Blobs)) return [];
  const { client } = blobs;
  const key = client.keyOf(`${name}.parts`);
  return [
    {
      call: "write on condition",
      permission: "s3:PutObject",
      needs: ["write"],
      work: () => checkConditions(client, name),
    },
    {
      call: "write in parts",
      permission: "s3:PutObject",
      needs: ["write"],
      work: async () => {
        const upload = await createUpload(client, key, client.sendsChecksums);
        try {
          await listParts(client, key, upload);
        } finally {
          await abortUpload(client, key, upload);
        }
      },
    },
    {
      call: "find unfinished uploads",
      permission: "s3:ListBucketMultipartUploads",
      work: async () => void await blobs.unfinished(),
    },
  ];
}
