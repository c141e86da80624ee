/** A disk that is really full, with more and more room on it until the command passes. */
import assert from "node:assert/strict";
import { soak } from "../soak.ts";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";
import type { Disturbance } from "./disturbance.ts";
import { OldOrNew } from "./old_or_new.ts";
import { noSmallDisk, type SmallDisk, withSmallDisk } from "./small_disk.ts";
import { withWorld } from "./world.ts";
import { writingCommands } from "./writing_commands.ts";

const missing = noSmallDisk() ?? ownPlaces;

/** How many kilobytes are left, from nothing to enough for anything here. */
const rooms = soak
  ? [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 6144, 8192, 10240, 12288]
  : [0, 64, 8192];

function fullDisk(disk: SmallDisk, freeBytes: number): Disturbance {
  return {
    run: async (command) => {
      const free = disk.fill(freeBytes);
      try {
        return await command();
      } finally {
        free();
      }
    },
    requireReason: ({ code, stderr }) => {
      assert.match(stderr, /: the disk is full\n/);
      assert.match(stderr, /free some space/);
      assert.equal(code, 1);
    },
    mayLeave: () => false,
  };
}

/** Tries a command with more and more room until it has enough. */
async function fillAndTry(disk: SmallDisk, oldOrNew: OldOrNew): Promise<void> {
  for (const kilobytes of rooms) {
    try {
      await oldOrNew.try(fullDisk(disk, kilobytes * 1024));
    } catch (error) {
      throw new Error(`with ${kilobytes} KiB free`, { cause: error });
    }
  }
}

/** What is tried in the short form. */
const short = ["init", "add plate", "add -", "undo", "get plate", "gc"];

const commands = writingCommands.filter(({ words }) =>
  soak || short.some((start) => words.join(" ").startsWith(start))
);

test("disk full: the old or the new, a sentence, and the same again", missing, async (t) => {
  await withSmallDisk(28, async (disk) => {
    await withWorld(async (world) => {
      const restore = world.keep();
      for (const command of commands) {
        await t.step(command.words.join(" "), async () => {
          restore();
          await fillAndTry(disk, await OldOrNew.of(world, command));
        });
      }
    }, disk.path);
  });
});
