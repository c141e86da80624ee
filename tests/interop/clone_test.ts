/** Real Python works on clones, and what it does there travels as all else does. */

import assert from "node:assert/strict";
import { withBuckets } from "../cli/bucket_place.ts";
import { withLabs } from "../core/sync/two_labs.ts";
import { noS3Server } from "../s3_server.ts";
import { test } from "../skip.ts";
import { noPython, python } from "./python.ts";

const expected = { "raw/a.txt": "second of a", "raw/b.txt": "b" };

test("interop: Python works on a clone, and what it adds is pushed back", noPython, async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha.lamin("init", "--name", "lab");
    alpha.write("raw/a.txt", "first of a");
    alpha.write("raw/b.txt", "b");
    await alpha.lamin("add", "raw");
    alpha.write("raw/a.txt", "second of a");
    await alpha.lamin("add", "raw");
    await beta.lamin("clone", alpha.root, `${beta.root}/lab`, "--data", "all");
    const clone = { ...beta, root: `${beta.root}/lab` };
    const said = await python(clone, "use_bucket.py", "of Python", "py.txt");
    assert.deepEqual(said.read, expected);
    const [pushed] = await beta.json("-C", clone.root, "push");
    assert.deepEqual([pushed.artifacts, pushed.lacking, pushed.conflicts], [1, [], []]);
    assert.equal(await alpha.lamin("cat", "py.txt"), "of Python");
    const again = await python(alpha, "use_bucket.py", "more of Python", "py.txt");
    assert.deepEqual(again.read, { ...expected, "py.txt": "of Python" });
    const [pulled] = await beta.json("-C", clone.root, "pull", "--data", "latest");
    assert.deepEqual([pulled.artifacts, pulled.conflicts], [1, []]);
    assert.equal(await beta.lamin("-C", clone.root, "cat", "py.txt"), "more of Python");
  });
});

test(
  "interop: Python reads what was pushed into a bucket",
  noPython ?? noS3Server,
  async () => {
    await withBuckets(async ({ root, machine }) => {
      const here = machine("here");
      await here.lamin("init", "--name", "lab");
      here.write("raw/a.txt", "second of a");
      here.write("raw/b.txt", "b");
      await here.lamin("add", "raw");
      const keeper = machine("keeper");
      await keeper.lamin("init", "--storage", root, "--name", "cloud");
      await here.lamin("push", root);
      const place = { root: keeper.folder, home: keeper.home };
      const said = await python(place, "use_bucket.py", "of Python", "py.txt");
      assert.deepEqual(said.read, expected);
      const [pulled] = await here.json("pull", root, "--data", "all");
      assert.deepEqual([pulled.artifacts, pulled.lacking, pulled.conflicts], [1, [], []]);
      assert.equal(await here.lamin("cat", "py.txt"), "of Python");
    });
  },
);
