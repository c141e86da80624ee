import { currentHost } from "../../../store/host/select.ts";
import { openBlobStore } from "../../../store/objects/open_blob_store.ts";
import { blobSuite } from "../../conformance/blob_suite.ts";
import { noS3Server, s3Server, withKeys } from "../../s3_server.ts";

const host = withKeys(await currentHost());

blobSuite("S3", async () => {
  const server = await s3Server();
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  const root = `s3://${await server.bucket()}/atlas?endpoint_url=${server.endpoint}`;
  return {
    store: openBlobStore(host, root, { folder }),
    other: openBlobStore(host, root, { folder }),
    isRemote: true,
    file: (name, bytes) => {
      Deno.writeFileSync(`${folder}/${name}`, bytes);
      return `${folder}/${name}`;
    },
    end: () => Deno.removeSync(folder, { recursive: true }),
  };
}, noS3Server);
