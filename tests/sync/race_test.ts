/** Two labs that push at the same moment: both sets of rows are there. */

import { deepEqual, equal } from "node:assert/strict";
import { type Machine, withBuckets } from "../cli/bucket_place.ts";
import { command } from "../lamin.ts";
import { noS3Server } from "../s3_server.ts";
import { test } from "../skip.ts";
import { ownPlaces } from "../test_database.ts";

const missing = noS3Server ?? ownPlaces;

test("race: two pushers of one bucket, each as a process, both get there", missing, async () => {
  await withBuckets(async ({ root, machine }) => {
    const keeper = machine("keeper");
    await keeper.lamin("init", "--storage", root, "--name", "cloud");
    const labs = await Promise.all(["alpha", "beta"].map(async (name) => {
      const lab = machine(name);
      await lab.lamin("init", "--name", name);
      for (let file = 0; file < 5; file++) lab.write(`${name}/${file}.txt`, `${name} ${file}\n`);
      await lab.lamin("add", name);
      await lab.lamin("remote", "add", "cloud", root);
      return lab;
    }));
    const codes = await Promise.all(labs.map(push));
    deepEqual(codes, [0, 0]);
    const rows = await keeper.json("list", "artifact", "-n", "0");
    equal(rows.length, 10);
    equal((await keeper.run("fsck", "--deep")).code, 0);
  });
});

/** Pushes as a process of its own. */
async function push(lab: Machine): Promise<number> {
  const { program, args } = command();
  const { code, stderr } = await new Deno.Command(program, {
    args: [...args, "push", "cloud"],
    cwd: lab.folder,
    env: { HOME: lab.home, ...lab.environment },
  }).output();
  if (code !== 0) console.error(new TextDecoder().decode(stderr));
  return code;
}
