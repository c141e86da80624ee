import fc from "fast-check";
import { withWorkspace } from "../lamin.ts";
import { test } from "../skip.ts";
import { rounds } from "../soak.ts";
import { gcLooksHere, onPostgres, onS3 } from "../test_database.ts";
import { contents, paths, type Step, Twin } from "./twin.ts";

const path = fc.constantFrom(...paths);
const to = fc.constantFrom(...paths, "moved/d.csv");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      path,
      content: fc.constantFrom(...contents),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom("remove" as const, "restore" as const, "purge" as const),
      path,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("move" as const), path, to }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("remove version" as const), which: fc.nat(20) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom("undo" as const, "undo" as const, "redo" as const, "collect" as const),
    }),
  },
);

/** There each command takes many times as long. */
const onServers = onPostgres || onS3;

const steps = fc.array(step, { minLength: 6, maxLength: 24, size: "max" });

test("any sequence of commands leaves what the model has", gcLooksHere, async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(100), async (sequence, which) => {
      await withWorkspace(async ({ root, home }) => {
        const twin = new Twin(root, home);
        await twin.start();
        for (const one of sequence) await twin.take(one);
        await twin.checkWords();
        await twin.undoAny(which);
      });
    }),
    {
      numRuns: Number(
        Deno.env.get("LAMIN_PROPERTY_RUNS") ?? rounds(onServers ? 4 : 30, onServers ? 100 : 1000),
      ),
    },
  );
});
