/** Labs that bring each other what they have, over folders, a bucket and a Postgres server. */

import { deepEqual, equal, match } from "node:assert/strict";
import { withBuckets } from "../cli/bucket_place.ts";
import { missingPostgres, withDatabase } from "../postgres_server.ts";
import { noS3Server } from "../s3_server.ts";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";

test(
  "walk: from a folder to a bucket, to a folder, to Postgres and S3, and back",
  noS3Server ?? missingPostgres() ?? ownPlaces,
  async () => {
    await withDatabase((url) =>
      withBuckets(async ({ root, machine }) => {
        const alpha = machine("alpha");
        await alpha.lamin("init", "--name", "alpha", "--modules", "bionty");
        alpha.write("raw/a.csv", "x\n1\n");
        alpha.write("raw/b.csv", "x\n2\n");
        alpha.write("raw/scan.zarr/.zgroup", '{"zarr_format": 2}');
        await alpha.lamin("add", "raw");
        const keeper = machine("keeper");
        await keeper.lamin("init", "--storage", root, "--name", "shared", "--modules", "bionty");
        await alpha.lamin("remote", "add", "bucket", root);
        const [pushed] = await alpha.json("push", "bucket");
        deepEqual([pushed.artifacts, pushed.lacking], [3, []]);
        const [again] = await alpha.json("push", "bucket");
        deepEqual([again.records, again.objects, again.operation], [0, 0, null]);

        const beta = machine("beta");
        const workTree = `${beta.folder}/atlas`;
        await beta.lamin("clone", root, workTree);
        const there = beta.in(workTree);
        equal((await there.json("list", "artifact")).length, 3);
        await there.lamin("fetch", "raw/a.csv", "raw/scan.zarr");
        equal(await there.lamin("cat", "raw/a.csv"), "x\n1\n");
        equal((await there.run("cat", "raw/b.csv")).code, 1);
        there.write("results/c.csv", "y\n3\n");
        await there.lamin("add", "results");
        equal((await there.json("push"))[0].artifacts, 1);

        const gamma = machine("gamma");
        const mirror = gamma.in(`${gamma.folder}/mirror`);
        const mirrored = await gamma.json(
          ...["clone", root, mirror.folder, "--db", url, "--data", "all"],
          ...["--storage", root.replace("/atlas?", "/mirror?")],
        );
        deepEqual([mirrored[0].artifacts, mirrored[0].lacking], [4, []]);
        equal(await mirror.lamin("cat", "raw/b.csv"), "x\n2\n");
        match(await mirror.lamin("fsck", "--deep"), /no damage/);

        equal((await alpha.json("pull", "bucket", "--data", "all"))[0].artifacts, 1);
        equal(await alpha.lamin("cat", "results/c.csv"), "y\n3\n");
        for (const lab of [alpha, there]) {
          match(await lab.lamin("fsck", "--deep"), /no damage|not fetched/);
          equal((await lab.json("pull", root, "--dry-run"))[0].records, 0);
        }
      })
    );
  },
);
