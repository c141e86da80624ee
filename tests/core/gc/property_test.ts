import assert from "node:assert/strict";
import fc from "fast-check";
import { filesBelow, onDay, sql } from "../../days.ts";
import { withInstance, type Workspace } from "../../lamin.ts";
import { test } from "../../skip.ts";
import { gcLooksHere } from "../../test_database.ts";

/** One step of a history; `day` is when it happens. */
type Step =
  | { readonly do: "add"; readonly key: number; readonly content: number }
  | { readonly do: "rm" | "restore" | "delete"; readonly key: number }
  | { readonly do: "undo"; readonly back: number }
  | { readonly do: "gc"; readonly grace: string };

const keys = ["a.csv", "b.csv", "f.zarr"] as const;

const key = fc.nat({ max: keys.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("add" as const), key, content: fc.nat(2) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("rm", "restore", "delete" as const), key }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("undo" as const), back: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("gc" as const), grace: fc.constantFrom("0", "14d") }),
  },
);

test(
  "gc: whatever happened before, nothing that is reachable is removed",
  gcLooksHere,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        await withInstance(async (workspace) => {
          for (const [index, one] of steps.entries()) await carryOut(workspace, one, index * 3);
          const end = await onDay(99, workspace).run("fsck", "--deep");
          assert.equal(end.code, 0, end.stdout);
        });
      }),
      { numRuns: 10 },
    );
  },
);

async function carryOut(workspace: Workspace, step: Step, day: number): Promise<void> {
  const { run } = onDay(day, workspace);
  if (step.do === "gc") return await collect(workspace, step.grace, day);
  if (step.do === "undo") {
    const log = await onDay(day, workspace).json("op", "log", "-n", "9");
    const { uid } = log[step.back] ?? {};
    // What cannot be undone is refused.
    if (uid !== undefined) assert.ok([0, 1].includes((await run("undo", uid)).code));
    return;
  }
  const name = keys[step.key]!;
  if (step.do === "add") {
    workspace.write(name.endsWith(".zarr") ? `${name}/0/0` : name, `content ${step.content}`);
    assert.equal((await run("add", name)).code, 0);
  } else if (step.do === "delete") await run("rm", "--permanent", "--force", name);
  else await run(step.do, name);
}

async function collect(workspace: Workspace, grace: string, day: number): Promise<void> {
  const { run, json } = onDay(day, workspace);
  const operations = (await json("op", "log", "-n", "99")).filter(({ verb }) => verb !== "gc");
  const undoable = async () => {
    const codes: [string, number][] = [];
    for (const { uid } of operations) codes.push([uid, (await run("undo", "--dry-run", uid)).code]);
    return codes;
  };
  const couldBeUndone = grace === "0" ? [] : await undoable();
  const before = filesBelow(workspace, ".lamindb/objects");
  const planned = await json("gc", "--grace", grace);
  assert.deepEqual(filesBelow(workspace, ".lamindb/objects"), before, "a plan changes nothing");
  const told = await json("gc", "--apply", "--grace", grace);
  const statusOf = (list: typeof told) => list.map(({ name, status }) => [name, status]);
  assert.deepEqual(
    statusOf(told),
    statusOf(planned).map(([name, status]) => [name, status === "kept" ? "kept" : "deleted"]),
    "what was planned is what is done",
  );
  const after = new Set(filesBelow(workspace, ".lamindb/objects"));
  const removed = before.filter((name) => !after.has(name));
  for (const { _real_key } of sql(workspace, "SELECT _real_key FROM lamindb_artifact")) {
    const place = String(_real_key).replace(".lamindb/objects/", "");
    const lost = removed.filter((name) => name === place || name.startsWith(`${place}/`));
    assert.deepEqual(lost, []);
  }
  if (grace === "0") return;
  const young = new Date(Date.now() + (day - 14) * 86_400_000).toISOString().replace("T", " ");
  const isYoung = new Set(
    operations.filter(({ created_at }) => created_at > young).map(({ uid }) => uid),
  );
  const now = new Map(await undoable());
  for (const [uid, code] of couldBeUndone) if (isYoung.has(uid)) assert.equal(now.get(uid), code);
}
