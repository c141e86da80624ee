/** Rows on a Postgres server, bytes in a bucket: what several people on several machines need. */

import assert from "node:assert/strict";
import { missingPostgres, newDatabase } from "../postgres_server.ts";
import { noS3Server } from "../s3_server.ts";
import { test } from "../skip.ts";
import { withBuckets } from "./bucket_place.ts";

test(
  "server: another machine connects by the URL of the rows, once it named the bucket",
  noS3Server ?? missingPostgres(),
  async () => {
    const { url, remove } = await newDatabase();
    try {
      await withBuckets(async ({ root, machine }) => {
        const here = machine("here");
        await here.lamin("init", "--db", url, "--storage", root, "--name", "big");
        here.write("a.txt", "of the first");
        await here.lamin("add", "a.txt");
        const there = machine("there");
        const refused = await there.run("connect", url, "--here");
        assert.equal(refused.code, 12, refused.stderr);
        assert.match(refused.stderr, /which you never named on this machine/);
        await there.lamin("config", "set", "storages", root);
        assert.match(await there.lamin("connect", url, "--here"), /connected anonymous\/big/);
        await there.lamin("get", "a.txt");
        assert.equal(there.read("a.txt"), "of the first");
        there.write("a.txt", "of the second");
        await there.lamin("add", "a.txt");
        assert.equal(await here.lamin("cat", "a.txt"), "of the second");
        assert.match(await there.lamin("fsck", "--deep"), /2 artifacts read, no damage/);
      });
    } finally {
      await remove();
    }
  },
);

test("server: a database without an instance is none", missingPostgres(), async () => {
  const { url, remove } = await newDatabase();
  try {
    await withBuckets(async ({ machine }) => {
      const said = await machine("here").run("connect", url);
      assert.equal(said.code, 10, said.stderr);
      assert.match(said.stderr, /there is no instance in postgres/);
    });
  } finally {
    await remove();
  }
});
