import assert from "node:assert/strict";
import { currentHost } from "../../store/host/select.ts";
import { openBlobStore } from "../../store/objects/open_blob_store.ts";
import { noS3Server, s3Server, withKeys } from "../s3_server.ts";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";
import { type RemoteAtlas, withRemoteAtlas } from "./remote_atlas.ts";

/** Those of the server in tests/s3_server.ts. */
const s3Keys = { AWS_ACCESS_KEY_ID: "testkey", AWS_SECRET_ACCESS_KEY: "testsecret" };

/** Runs `work` in an instance whose bytes are in a bucket of a real server. */
async function withS3Atlas(
  work: (atlas: RemoteAtlas, bucket: string, query: string) => Promise<void>,
): Promise<void> {
  const server = await s3Server();
  const bucket = await server.bucket();
  const query = `?endpoint_url=${server.endpoint}`;
  const root = `s3://${bucket}/atlas${query}`;
  await withRemoteAtlas((atlas) => work(atlas, bucket, query), { root, environment: s3Keys });
}

test(
  "S3: an instance with its bytes in a bucket, by every verb",
  noS3Server ?? ownPlaces,
  async () => {
    await withS3Atlas(async ({ write, lamin, run, read, remove }) => {
      const large = new Uint8Array(12 * 1024 * 1024 + 5).map((_, index) => index * 13 >> 2);
      write("raw/a.csv", "x,y\n1,2\n");
      write("raw/b.csv", "x,y\n3,4\n");
      write("plate/x.txt", "x\n");
      write("plate/y.txt", "y\n");
      write("large.bin", large);
      await lamin("add", "raw", "large.bin");
      await lamin("add", "plate", "--as", "folder");
      write("raw/a.csv", "x,y\n1,3\n");
      write("plate/y.txt", "another y\n");
      await lamin("add", "raw", "plate");
      assert.equal(await lamin("cat", "raw/a.csv@0"), "x,y\n1,2\n");
      assert.match((await run("diff", "raw/a.csv@0", "raw/a.csv")).stdout, /3/);
      assert.match(await lamin("head", "raw/b.csv"), /3 {2}4/);
      for (const path of ["raw", "plate", "large.bin"]) remove(path);
      await lamin("get", "raw", "plate", "large.bin");
      assert.equal(read("plate/y.txt"), "another y\n");
      assert.match(await lamin("status"), /Nothing changed/);
      assert.equal((await run("fsck")).code, 0);
      assert.equal((await run("fsck", "--deep")).code, 0);
      await lamin("rm", "raw/b.csv", "--permanent", "--force");
      assert.match(await lamin("gc", "--grace", "0", "--apply"), /deleted: 1 object/);
      const deep = await run("fsck", "--deep");
      assert.equal(deep.code, 0, deep.stdout);
    });
  },
);

test(
  "S3: objects are registered where they lie, with their ETags",
  noS3Server ?? ownPlaces,
  async () => {
    await withS3Atlas(async ({ write, path, home, lamin, json, run }, bucket, query) => {
      const host = withKeys(await currentHost(), s3Keys);
      const store = openBlobStore(host, `s3://${bucket}${query}`, { folder: `${home}/spool` });
      const put = async (name: string, content: string) => {
        write("local", content);
        const batch = store.batch();
        batch.name(batch.copyOf(path("local")), name);
        await batch.publish();
        batch.discard();
      };
      await put("data/a.csv", "hello\n");
      await put("data/deep/b.txt", "b\n");
      await lamin("add", `s3://${bucket}/data/${query}`);
      const [row] = await json("show", "data/a.csv");
      assert.deepEqual([row.hash, row._hash_type, row.size], ["sZRqySSS0jR8YjW00mERhA", "md5", 6]);
      assert.equal(await lamin("cat", "data/deep/b.txt"), "b\n");
      const again = await json("add", `s3://${bucket}/data/${query}`);
      assert.deepEqual(again.map(({ status }) => status), ["unchanged", "unchanged"]);
      assert.equal((await run("fsck", "--deep")).code, 0);
      await lamin("add", `s3://${bucket}/data/${query}`, "--as", "folder", "--key", "set");
      assert.equal(await lamin("cat", "set/deep/b.txt"), "b\n");
    });
  },
);
