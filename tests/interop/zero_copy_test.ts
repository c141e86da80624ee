/** What is read in place is registered as Python's transfer registers it, and Python reads it. */

import assert from "node:assert/strict";
import { atlasAt } from "../cli/atlas.ts";
import { withBuckets } from "../cli/bucket_place.ts";
import { withWorkspace } from "../lamin.ts";
import { noS3Server } from "../s3_server.ts";
import { test } from "../skip.ts";
import { noPython, python } from "./python.ts";

test("interop: a zero-copy pull is what Python's transfer makes", noPython, async () => {
  await withWorkspace(async ({ root, home }) => {
    const [alpha, beta, gamma] = ["alpha", "beta", "gamma"].map((name) => {
      Deno.mkdirSync(`${root}/${name}`);
      return atlasAt(`${root}/${name}`, home);
    });
    for (const lab of [alpha!, beta!, gamma!]) await lab.lamin("init");
    alpha!.write("raw/a.txt", "of lamin\n");
    await alpha!.lamin("add", "raw");
    await alpha!.lamin("connect", ".");
    await python(alpha!, "use_bucket.py", "of Python", "py.txt");
    alpha!.write("raw/scan.zarr/0", "zero\n");
    await alpha!.lamin("add", "raw");
    const keys = ["py.txt", "raw/a.txt", "raw/scan.zarr"];
    await gamma!.lamin("connect", ".");
    const transferred = await python(gamma!, "transfer.py", "anonymous/alpha", ...keys);
    await beta!.lamin("pull", alpha!.root, "--zero-copy");
    await beta!.lamin("connect", ".");
    const pulled = await python(beta!, "transfer.py", "look", ...keys);
    assert.deepEqual(pulled, transferred);
    assert.equal(pulled["raw/a.txt"].text, "of lamin\n");
    assert.equal(pulled["py.txt"].text, "of Python");
    assert.equal(pulled["raw/a.txt"].storage.root, alpha!.root);
    // Python's transfer is verified and brought home as ours is.
    for (const lab of [beta!, gamma!]) {
      assert.equal((await lab.run("verify", "--full")).code, 0);
      await lab.lamin("materialize", "--all");
      const home = await python(lab, "transfer.py", "look", ...keys);
      assert.ok(keys.every((key) => home[key].path.startsWith(`${lab.root}/`)), lab.root);
      assert.equal(home["raw/a.txt"].text, "of lamin\n");
    }
  });
});

test(
  "interop: Python loads what lies in another lab's bucket",
  noPython ?? noS3Server,
  async () => {
    await withBuckets(async ({ root, machine }) => {
      const keeper = machine("keeper");
      await keeper.lamin("init", "--storage", root, "--name", "shared");
      keeper.write("raw/a.txt", "in a bucket\n");
      await keeper.lamin("add", "raw");
      const reader = machine("reader");
      await reader.lamin("init", "--name", "reader");
      await reader.lamin("pull", root, "--zero-copy");
      const place = { root: reader.folder, home: reader.home };
      const found = await python(place, "transfer.py", "look", "raw/a.txt");
      assert.equal(found["raw/a.txt"].text, "in a bucket\n");
    });
  },
);
