/** Every verb that writes, while calls of the system or statements of the database fail. */
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";
import { databaseFailures, interruptions, storeFailures, systemFailures } from "./courses.ts";
import { failingCalls } from "./disturbance.ts";
import { countCalls, drive } from "./driver.ts";
import { eachCommand } from "./each_command.ts";
import { OldOrNew } from "./old_or_new.ts";
import { writingCommands } from "./writing_commands.ts";

test(
  "faults: verbs that write leave the old or the new, and say what failed",
  ownPlaces,
  async (t) => {
    await eachCommand(t, {
      commands: writingCommands,
      sample: 4,
      nameOf: ({ words }) => words.join(" "),
      work: async (world, command, seed) => {
        const oldOrNew = await OldOrNew.of(world, command);
        const courses = [
          systemFailures(seed, 3),
          databaseFailures(seed, 2),
          storeFailures(seed, 1),
          interruptions(seed, 1),
        ];
        let struck = 0;
        for (const course of courses) {
          const count = await countCalls(course, (calls) => oldOrNew.run(calls));
          struck += await drive(course, count, (calls) => oldOrNew.try(failingCalls(calls)));
        }
        return struck;
      },
    });
  },
);
