/** Every verb that reads, while calls of the system or statements of the database fail. */
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";
import { databaseFailures, interruptions, storeFailures, systemFailures } from "./courses.ts";
import { eachCommand } from "./each_command.ts";
import { readingCommands } from "./reading_commands.ts";
import { readUnderFaults } from "./reading_trials.ts";

test("faults: verbs that read say what failed, and change nothing", ownPlaces, async (t) => {
  await eachCommand(t, {
    commands: readingCommands,
    sample: 12,
    nameOf: (words) => words.join(" "),
    work: async (world, words, seed) => {
      let struck = 0;
      const courses = [systemFailures(seed, 3), databaseFailures(seed, 2), storeFailures(seed, 1)];
      for (const course of courses) {
        struck += await readUnderFaults(world, words, course);
      }
      return struck;
    },
  });
});

test("faults: verbs that read do not notice that a call was interrupted", ownPlaces, async (t) => {
  await eachCommand(t, {
    commands: readingCommands,
    sample: 6,
    nameOf: (words) => words.join(" "),
    work: (world, words, seed) => readUnderFaults(world, words, interruptions(seed, 3)),
  });
});
