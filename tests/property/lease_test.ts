/** Two labs at random: whatever one of them collects, what the other one reads is there. */

import { equal } from "node:assert/strict";
import { type Lab, withLabs } from "../core/sync/two_labs.ts";
import { random, seeded } from "../seed.ts";
import { rounds } from "../soak.ts";
import { isElsewhere } from "../test_database.ts";

const contents = ["one\n", "two\n", "three\n", "four\n"];
const keys = ["a.csv", "b.csv", "sub/c.csv"];

Deno.test(
  "property: gc takes nothing that is referred to here, or read by others",
  async () => {
    await seeded((seed) =>
      withLabs(["alpha", "beta"], async (alpha, beta) => {
        await alpha.lamin("init", "--name", "alpha");
        await beta.lamin("init", "--name", "beta");
        await beta.lamin("remote", "add", "lab", alpha.root);
        const chance = random(seed);
        const pick = <T>(all: readonly T[]): T => all[Math.floor(chance() * all.length)]!;
        for (let round = 0; round < rounds(isElsewhere ? 8 : 20, 200); round++) {
          const said = await step(pick, alpha, beta);
          await alpha.say("gc", "--apply", "--grace", "0");
          await beta.say("gc", "--apply", "--grace", "0");
          for (const lab of [alpha, beta]) {
            for (const words of [["fsck", "--deep"], ["verify", "--full"]]) {
              const { code, stdout } = await lab.say(...words);
              equal(code, 0, `${words.join(" ")} in ${lab.root} after ${said}:\n${stdout}`);
            }
          }
        }
      })
    );
  },
);

/** Does something; may be refused. Gives what it was. */
async function step(
  pick: <T>(all: readonly T[]) => T,
  alpha: Lab,
  beta: Lab,
): Promise<string> {
  const key = pick(keys);
  const deeds: readonly [lab: Lab, words: readonly string[]][] = [
    [alpha, ["add", key]],
    [alpha, ["add", key]],
    [alpha, ["rm", key]],
    [alpha, ["rm", "--permanent", "--force", key]],
    [alpha, ["rm", "--permanent", "--force", key]],
    [alpha, ["mv", key, `moved/${key}`]],
    [alpha, ["undo"]],
    [beta, ["pull", "lab", "--zero-copy"]],
    [beta, ["pull", "lab", "--zero-copy"]],
    [beta, ["materialize", key]],
    [beta, ["rm", "--permanent", "--force", key]],
    [beta, ["undo"]],
    [beta, ["verify", "--update"]],
  ];
  const [lab, words] = pick(deeds);
  if (words[0] === "add") lab.write(key, pick(contents));
  await lab.say(...words);
  return `${words.join(" ")} in ${lab.root}`;
}
