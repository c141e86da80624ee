/**
 * Many processes work on one instance at once: adding distinct and shared keys, the same content,
 * folders; removing, restoring, moving, undoing, collecting garbage, checking, reading. A seed
 * tells what each of them does; who comes first is up to the machine.
 */
import { withInstance } from "../lamin.ts";
import { seed } from "../seed.ts";
import { rounds } from "../soak.ts";
import { crowd } from "./crowd.ts";
import { checkAnswers, checkEnd } from "./verdict.ts";

Deno.test("concurrency: of 32 processes at once nothing is lost, doubled or told wrongly", async () => {
  const first = seed();
  for (let round = 0; round < rounds(1, 20); round++) await tryOnce(first + round);
});

async function tryOnce(seed: number): Promise<void> {
  await withInstance(async (workspace) => {
    const { root, home } = workspace;
    try {
      const taken = await crowd({ root, home, seed, processes: 32, length: rounds(4, 12) });
      checkAnswers(taken);
      await checkEnd(workspace, taken);
    } catch (error) {
      throw new Error(`failed with LAMIN_SEED=${seed}`, { cause: error });
    }
  });
}
