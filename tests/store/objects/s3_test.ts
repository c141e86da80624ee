import { currentHost } from "../../../store/host/select.ts";
import { openBlobStore } from "../../../store/objects/open_blob_store.ts";
import { blobSuite } from "../../conformance/blob_suite.ts";
import type { WireFault } from "../../faults/lying_proxy.ts";
import { noS3Server, s3Server, withKeys } from "../../s3_server.ts";
import { freshS3 } from "./s3/s3_world.ts";

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

const lines: Readonly<Record<string, WireFault>> = {
  "S3 over a line that loses answers": { loses: "answer" },
  "S3 over a line that cuts answers": { cutAfter: 5 },
};

for (const [name, fault] of Object.entries(lines)) {
  blobSuite(name, async () => {
    const { proxy, store, open, host, folder, end } = await freshS3();
    // Each call meets it when it is made for the first time.
    const met = new Set<string>();
    proxy.plan = ({ method, target }) => {
      const call = `${method} ${target}`;
      if (met.has(call)) return undefined;
      met.add(call);
      return fault;
    };
    return {
      store,
      other: open(host),
      isRemote: true,
      file: (name, bytes) => {
        Deno.writeFileSync(`${folder}/${name}`, bytes);
        return `${folder}/${name}`;
      },
      end,
    };
  }, noS3Server);
}
