/** Bytes that come later: rows are equal on both sides, and what is asked for are bytes alone. */

import { deepEqual, equal, match } from "node:assert/strict";
import { type Lab, withLabs } from "../core/sync/two_labs.ts";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";
import { sayWith, withServed } from "./served.ts";

/** Runs `work` with a lab of two versions of a file and a folder, and a clone without bytes. */
function withClone(name: string, work: (alpha: Lab, clone: Lab) => Promise<void>): void {
  test(name, ownPlaces, async () => {
    await withLabs(["alpha", "beta"], async (alpha, beta) => {
      await alpha!.lamin("init", "--name", "alpha");
      alpha!.write("a.csv", "x\n1\n");
      alpha!.write("f.zarr/0", "zero");
      await alpha!.lamin("add", ".");
      alpha!.write("a.csv", "x\n11\n");
      await alpha!.lamin("add", "a.csv");
      await beta!.lamin("clone", alpha!.root, `${beta!.root}/atlas`);
      await work(alpha!, { ...beta!, root: `${beta!.root}/atlas` });
    });
  });
}

/** What is said to a clone. */
async function said(clone: Lab, ...words: readonly string[]) {
  // deno-lint-ignore no-explicit-any
  return (await clone.json("-C", clone.root, ...words)) as any[];
}

withClone("pull: --data brings bytes where the rows are here already", async (_, clone) => {
  const [none] = await said(clone, "pull");
  deepEqual([none.objects, none.operation], [0, null]);
  const [planned] = await said(clone, "pull", "--data", "all", "--dry-run");
  deepEqual([planned.artifacts, planned.objects, planned.bytes], [0, 3, 13]);
  const [latest] = await said(clone, "pull", "--data", "latest");
  deepEqual([latest.objects, latest.bytes, latest.lacking], [2, 9, []]);
  equal(await clone.lamin("-C", clone.root, "cat", "a.csv"), "x\n11\n");
  match(await clone.lamin("-C", clone.root, "op"), /pull.*bytes of 2 artifacts from origin/);
  equal((await clone.say("-C", clone.root, "cat", "a.csv@0")).code, 1);
  const [chosen] = await said(clone, "pull", "key=f.zarr", "--data", "all");
  deepEqual([chosen.objects, chosen.operation], [0, null]);
  const [all] = await said(clone, "pull", "--data", "all");
  deepEqual([all.objects, all.bytes], [1, 4]);
  const [again] = await said(clone, "pull", "--data", "all");
  deepEqual([again.objects, again.operation], [0, null]);
  match(await clone.lamin("-C", clone.root, "fsck", "--deep"), /no damage/);
});

withClone("push: sends bytes that the target has not fetched", async (alpha, clone) => {
  const [without] = await alpha.json("push", clone.root, "--data", "none");
  deepEqual([without.objects, without.operation], [0, null]);
  const [planned] = await alpha.json("push", clone.root, "key=f.zarr", "--dry-run");
  deepEqual([planned.artifacts, planned.objects], [0, 1]);
  const [some] = await alpha.json("push", clone.root, "key=f.zarr");
  deepEqual([some.objects, some.bytes], [1, 4]);
  const [all] = await alpha.json("push", clone.root);
  deepEqual([all.objects, all.bytes, all.lacking], [2, 9, []]);
  equal(await clone.lamin("-C", clone.root, "cat", "a.csv@0"), "x\n1\n");
});

withClone("push: of what neither side has fetched nothing is said", async (alpha, clone) => {
  const second = `${clone.root}-second`;
  await clone.lamin("clone", alpha.root, second);
  await clone.lamin("-C", clone.root, "fetch", "f.zarr");
  const [pushed] = await said(clone, "push", second);
  deepEqual([pushed.objects, pushed.lacking], [1, []]);
  equal(await clone.lamin("-C", second, "cat", "f.zarr/0"), "zero");
});

withClone("http: bytes alone are pulled and pushed", async (alpha, clone) => {
  await withServed(clone, async ({ url, writeToken }) => {
    const pushed = await sayWith(alpha, writeToken, "push", url, "--json");
    equal(pushed.code, 0, pushed.stderr);
    const { objects, bytes, lacking } = JSON.parse(pushed.stdout);
    deepEqual([objects, bytes, lacking], [3, 13, []]);
    equal(await clone.lamin("-C", clone.root, "cat", "a.csv@0"), "x\n1\n");
    const second = `${clone.root}-second`;
    equal((await sayWith(alpha, writeToken, "clone", url, second)).code, 0);
    const pulled = await sayWith(
      ...[{ ...alpha, root: second }, writeToken, "pull", "--data", "all", "--json"] as const,
    );
    equal(JSON.parse(pulled.stdout).objects, 3, pulled.stderr);
  });
});
