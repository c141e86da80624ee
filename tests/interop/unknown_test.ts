/** LaminDB's module `pertdb`, which this program does not have: its rows go where others go. */

import { deepEqual, equal } from "node:assert/strict";
import { missingPostgres, withDatabase } from "../postgres_server.ts";
import { type Lab, withLabs } from "../core/sync/two_labs.ts";
import { test } from "../skip.ts";
import { noPython, python, pythonPath } from "./python.ts";

/** Why tests with the module are skipped, if they are. */
const noModule = noPython ?? (hasModule() ? undefined : "that Python has no module pertdb");

function hasModule(): boolean {
  const args = ["-c", "import importlib.util as u, sys; sys.exit(u.find_spec('pertdb') is None)"];
  return new Deno.Command(pythonPath!, { args }).outputSync().success;
}

/** Switches the module on for Python where nothing in the database tells of it yet. */
function switchOn({ home }: Lab): void {
  for (const { name } of Deno.readDirSync(`${home}/.lamin`)) {
    if (!/^(instance--|current_instance)/.test(name)) continue;
    const text = Deno.readTextFileSync(`${home}/.lamin/${name}`);
    Deno.writeTextFileSync(
      `${home}/.lamin/${name}`,
      text.replace(/^(lamindb_instance_schema_str=).*$/m, "$1bionty,pertdb"),
    );
  }
}

/** What Python made at the first lab comes to a clone, where Python goes on, and back. */
async function throughClone(alpha: Lab, beta: Lab, db: readonly string[]): Promise<void> {
  await alpha.lamin("init", "--name", "lab", "--modules", "bionty");
  alpha.write("a.txt", "a");
  await alpha.lamin("add", "a.txt");
  switchOn(alpha);
  const made = await python(alpha, "use_pertdb.py", "make");
  const clone = { ...beta, root: `${beta.root}/lab` };
  const [cloned] = await beta.json("clone", alpha.root, clone.root, ...db);
  deepEqual([cloned.cannot_carry, cloned.refused, cloned.conflicts], [[], [], []]);
  await beta.lamin("-C", clone.root, "config", "set", "modules", "bionty,pertdb");
  deepEqual(await python(clone, "use_pertdb.py", "read"), made);
  const [pushed] = await beta.json("-C", clone.root, "push");
  deepEqual([pushed.records, pushed.conflicts, pushed.cannot_carry], [1, [], []]);
  const after = await python(alpha, "use_pertdb.py", "look");
  deepEqual(after, { ...made, all: [...made.all, "made on the clone"].sort() });
  equal((await beta.say("-C", clone.root, "fsck")).code, 0);
}

test("interop: rows of a module that is not known go to a clone and back", noModule, async () => {
  await withLabs(["alpha", "beta"], (alpha, beta) => throughClone(alpha, beta, []));
});

test(
  "interop: rows of a module that is not known go to a clone in Postgres and back",
  noModule ?? missingPostgres(),
  async () => {
    await withDatabase((url) =>
      withLabs(["alpha", "beta"], (alpha, beta) => throughClone(alpha, beta, ["--db", url]))
    );
  },
);
