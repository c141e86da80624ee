import assert from "node:assert/strict";
import { random, seeded } from "../seed.ts";
import { soak } from "../soak.ts";
import { withWorld, type World } from "./world.ts";

export interface EachCommand<C> {
  readonly commands: readonly C[];
  readonly nameOf: (command: C) => string;
  /** How many of the commands are tried in the short form, by the seed; all without it. */
  readonly sample?: number;
  /** Tries a command in a world; gives how many calls were struck. */
  readonly work: (world: World, command: C, seed: number) => Promise<number>;
}

/**
 * Runs `work` for commands as steps, each on the same world with a seed of its own. Throws when no
 * fault ever struck.
 */
export async function eachCommand<C>(
  t: Deno.TestContext,
  { commands, nameOf, sample = commands.length, work }: EachCommand<C>,
): Promise<void> {
  await seeded((seed) =>
    withWorld(async (world) => {
      const restore = world.keep();
      const next = random(seed);
      let struck = 0;
      let isSound = true;
      for (const [index, command] of commands.entries()) {
        const own = Math.floor(next() * 2 ** 31);
        // As many as are still wanted of those that are left.
        const isTried = soak || next() * (commands.length - index) < sample;
        if (!isTried) continue;
        sample--;
        const passed = await t.step(nameOf(command), async () => {
          restore();
          struck += await work(world, command, own);
        });
        isSound &&= passed;
      }
      assert.ok(isSound, "see the steps");
      assert.ok(struck > 0, "no fault ever struck");
    })
  );
}
