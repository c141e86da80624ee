import { currentHost } from "../../../store/host/select.ts";
import { MemoryBlobStore } from "../../../store/objects/memory.ts";
import { blobSuite } from "../../conformance/blob_suite.ts";

const host = await currentHost();

blobSuite("memory", () => {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  const store = new MemoryBlobStore(host);
  return {
    store,
    other: store,
    file: (name, bytes) => {
      Deno.writeFileSync(`${folder}/${name}`, bytes);
      return `${folder}/${name}`;
    },
    end: () => Deno.removeSync(folder, { recursive: true }),
  };
});
