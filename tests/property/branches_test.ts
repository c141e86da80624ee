import assert from "node:assert/strict";
import fc from "fast-check";
import { withRaw } from "../raw_database.ts";
import { rounds } from "../soak.ts";
import { onPostgres, onS3 } from "../test_database.ts";
import { type Atlas, withAtlas } from "../cli/atlas.ts";

const branches = ["main", "one", "two"] as const;
const paths = ["a.csv", "b.csv"] as const;

type Step =
  | { readonly kind: "add"; readonly path: string; readonly content: string }
  | { readonly kind: "rm" | "restore"; readonly path: string }
  | { readonly kind: "switch"; readonly branch: string }
  | { readonly kind: "merge"; readonly from: string; readonly into: string }
  | { readonly kind: "undo" };

const path = fc.constantFrom(...paths);
const branch = fc.constantFrom(...branches);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      path,
      content: fc.constantFrom("x\n", "y\n", "z\n"),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("switch" as const), branch }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("merge" as const), from: branch, into: branch }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("rm" as const, "restore" as const), path }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("undo" as const) }) },
);

/** Where versions lie and which are the latest, as undo has to bring it back. */
function places({ root }: Atlas) {
  return withRaw(root, (database) => ({
    artifacts: database.all(
      "SELECT id, uid, key, branch_id, is_latest FROM lamindb_artifact ORDER BY id",
    ),
    branches: database.all("SELECT id, name, _status_code FROM lamindb_branch ORDER BY id"),
  }));
}

/** Makes sure that each family has one latest version on every branch on which it is. */
function checkHeads(atlas: Atlas, said: string): void {
  const families = Map.groupBy(
    places(atlas).artifacts.filter(({ branch_id }) => branch_id !== -1),
    ({ uid, branch_id }) => `${String(uid).slice(0, 16)} on ${branch_id}`,
  );
  for (const [family, versions] of families) {
    const heads = versions.filter(({ is_latest }) => is_latest);
    assert.equal(heads.length, 1, `${said}: ${family} has ${heads.length} latest versions`);
  }
}

async function take(atlas: Atlas, step: Step): Promise<void> {
  const { kind } = step;
  if (kind === "add") {
    atlas.write(step.path, step.content);
    await atlas.lamin("add", step.path);
    assert.deepEqual(await atlas.json("status", step.path), [], "what was added is recorded");
  } else if (kind === "merge") await mergeAndBack(atlas, step);
  else if (kind === "switch") await atlas.lamin("switch", step.branch);
  else if (kind === "undo") {
    // The branches themselves stay for the steps to come.
    const [next] = await atlas.json("undo", "--dry-run");
    if (next !== undefined && next.verb !== "branch") await atlas.run("undo");
  } else await atlas.run(kind, step.path);
  checkHeads(atlas, JSON.stringify(step));
}

/** Merges, takes it back and does it again; the plan is what happens. */
async function mergeAndBack(
  atlas: Atlas,
  { from, into }: { readonly from: string; readonly into: string },
): Promise<void> {
  if (from === "main" || from === into) {
    assert.equal((await atlas.run("merge", from, "--into", into)).code, 2);
    return;
  }
  const before = places(atlas);
  const [plan] = await atlas.json("merge", from, "--into", into, "--dry-run");
  assert.deepEqual(places(atlas), before, "a plan changes nothing");
  const [merged] = await atlas.json("merge", from, "--into", into);
  assert.deepEqual({ ...merged, operation: null }, plan);
  if (merged.operation === null) return;
  const after = places(atlas);
  const [undone] = await atlas.json("undo", merged.operation);
  assert.deepEqual(places(atlas), before, "undo brings back what was");
  await atlas.lamin("undo", undone.uid);
  assert.deepEqual(places(atlas), after, "undoing that merges again");
}

Deno.test("any merges keep one latest version a family and branch, and can be undone", async () => {
  const isSlow = onPostgres || onS3;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 8, maxLength: 24, size: "max" }),
      async (steps) => {
        await withAtlas(async (atlas) => {
          for (const name of branches.slice(1)) await atlas.lamin("branch", name);
          for (const one of steps) await take(atlas, one);
          const faults = (await atlas.json("fsck")).filter(({ severity }) => severity !== "note");
          assert.deepEqual(faults, []);
        });
      },
    ),
    {
      numRuns: Number(
        Deno.env.get("LAMIN_PROPERTY_RUNS") ?? rounds(isSlow ? 2 : 12, isSlow ? 50 : 500),
      ),
    },
  );
});
