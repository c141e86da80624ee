import assert from "node:assert/strict";
import { currentHost } from "../../store/host/select.ts";
import { openBlobStore } from "../../store/objects/open_blob_store.ts";
import { withInstance } from "../lamin.ts";
import { noS3Server, s3Server, withKeys } from "../s3_server.ts";
import { test } from "../skip.ts";
import { noPython, python } from "./python.ts";

/** Those of the server in tests/s3_server.ts. */
const environment = { AWS_ACCESS_KEY_ID: "testkey", AWS_SECRET_ACCESS_KEY: "testsecret" };

test(
  "Python loads what lamin registered in a bucket, and derives the same",
  noPython ?? noS3Server,
  async () => {
    const server = await s3Server();
    const bucket = await server.bucket();
    const query = `?endpoint_url=${server.endpoint}`;
    await withInstance(async (workspace) => {
      const { home, run } = workspace;
      const host = withKeys(await currentHost(), environment);
      const store = openBlobStore(host, `s3://${bucket}${query}`, { folder: `${home}/spool` });
      Deno.writeTextFileSync(`${home}/table`, "gene,count\nTP53,1\nMYC,2\n");
      const batch = store.batch();
      for (const name of ["data/a.csv", "data/sub/b.csv"]) {
        batch.name(batch.copyOf(`${home}/table`), name);
      }
      await batch.publish();
      batch.discard();
      for (const words of [["data/a.csv"], ["data/", "--as", "folder", "--key", "set"]]) {
        const [name, ...flags] = words;
        const added = await run(["add", `s3://${bucket}/${name}${query}`, ...flags], {
          environment,
        });
        assert.equal(added.code, 0, added.stderr);
      }
      const found = await python(workspace, "registered.py");
      assert.equal(found.rows, 2);
      assert.equal(found.path, `s3://${bucket}/data/a.csv`);
      // Of a folder LaminDB gives size, hash, type and count in this order.
      assert.deepEqual(found.recorded, found.derived);
      assert.deepEqual(found.row, found.again);
    });
  },
);
