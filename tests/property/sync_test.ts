import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { carry, type Lab, planned, withLabs } from "../core/sync/two_labs.ts";
import { digestsOf } from "../core/sync/digests.ts";
import { withRaw } from "../raw_database.ts";
import { seed } from "../seed.ts";
import { rounds } from "../soak.ts";
import { isElsewhere } from "../test_database.ts";

/** What happens in or between labs. */
type Step =
  | { readonly kind: "add"; readonly lab: number; readonly key: number; readonly content: number }
  | { readonly kind: "rm" | "restore"; readonly lab: number; readonly key: number }
  | { readonly kind: "mv"; readonly lab: number; readonly key: number; readonly to: number }
  | { readonly kind: "describe"; readonly lab: number; readonly row: number; readonly text: number }
  | { readonly kind: "label" | "unlabel"; readonly lab: number; readonly row: number }
  | { readonly kind: "sync"; readonly from: number; readonly to: number };

const lab = fc.nat(2);
const key = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({ kind: fc.constant("add" as const), lab, key, content: fc.nat(9) }),
    weight: 4,
  },
  {
    arbitrary: fc.record({ kind: fc.constantFrom("rm" as const, "restore" as const), lab, key }),
    weight: 2,
  },
  { arbitrary: fc.record({ kind: fc.constant("mv" as const), lab, key, to: key }), weight: 1 },
  {
    arbitrary: fc.record({
      kind: fc.constant("describe" as const),
      lab,
      row: fc.nat(5),
      text: fc.nat(5),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom("label" as const, "unlabel" as const),
      lab,
      row: fc.nat(5),
    }),
    weight: 2,
  },
  { arbitrary: fc.record({ kind: fc.constant("sync" as const), from: lab, to: lab }), weight: 4 },
);

const path = (key: number) => `data/file${key}.txt`;

async function take(labs: readonly Lab[], step: Step): Promise<void> {
  if (step.kind === "sync") {
    if (step.from !== step.to) await carry(labs[step.from]!, labs[step.to]!);
    return;
  }
  const where = labs[step.lab]!;
  switch (step.kind) {
    case "add":
      // Where two labs add the same by themselves, each keeps its uid (tests/core/sync).
      where.write(path(step.key), `content ${step.content} of lab ${step.lab}\n`);
      await where.say("add", path(step.key));
      return;
    case "rm":
    case "restore":
      await where.say(step.kind, path(step.key));
      return;
    case "mv":
      await where.say("mv", path(step.key), path(step.to));
      return;
    default:
      asPython(where, step);
  }
}

/** What Python would do: it leaves no operation. */
function asPython(
  { root }: Lab,
  step: Step & { readonly kind: "describe" | "label" | "unlabel" },
): void {
  withRaw(root, (database) => {
    const [row] = database.all(
      "SELECT id FROM lamindb_artifact ORDER BY uid LIMIT 1 OFFSET ?",
      step.row,
    );
    if (row === undefined) return;
    const id = row.id!;
    if (step.kind === "describe") {
      const text = `text ${step.text}`;
      database.run("UPDATE lamindb_artifact SET description = ? WHERE id = ?", text, id);
      return;
    }
    if (step.kind === "unlabel") {
      database.run("DELETE FROM lamindb_artifactulabel WHERE artifact_id = ?", id);
      return;
    }
    database.run(
      `INSERT INTO lamindb_ulabel (uid, name, is_type, created_at, updated_at, is_locked,
         created_by_id, branch_id, created_on_id, space_id)
       VALUES ('labelaaa', 'label', FALSE, '2026-11-01 00:00:00', '2026-11-01 00:00:00', FALSE,
         1, 1, 1, 1) ON CONFLICT DO NOTHING`,
    );
    database.run(
      `INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_at, created_by_id)
       SELECT ?, id, '2026-11-01 00:00:00', 1 FROM lamindb_ulabel WHERE TRUE
       ON CONFLICT DO NOTHING`,
      id,
    );
  });
}

Deno.test("whatever three labs do and bring each other, they come to the same", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      await withLabs(["alpha", "beta", "gamma"], async (...labs) => {
        for (const [index, one] of labs.entries()) await one.lamin("init", "--name", `lab${index}`);
        for (const one of steps) await take(labs, one);
        const [alpha, beta, gamma] = labs as [Lab, Lab, Lab];
        for (let round = 0; round < 2; round++) {
          for (const [from, to] of [[alpha, beta], [beta, gamma], [gamma, alpha]] as const) {
            await carry(from, to, { resolution: "theirs" });
          }
        }
        for (const [from, to] of [[alpha, beta], [beta, gamma], [gamma, alpha]] as const) {
          const left = await planned(from, to);
          equal(left.conflicts.length, 0);
          equal(left.isNothing, true, JSON.stringify(left.tables));
        }
        const [first, second, third] = await Promise.all(labs.map(digestsOf));
        deepEqual(second, first);
        deepEqual(third, first);
      });
    }),
    { numRuns: rounds(isElsewhere ? 2 : 6, isElsewhere ? 20 : 100), seed: seed() },
  );
});
