/** Every verb of the table with arguments that nobody should give. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { forEachVerb, type LoadedVerb, type World } from "../cli/manners_world.ts";
import { say } from "../cli/in_process.ts";
import { withRaw } from "../raw_database.ts";
import { random, seeded } from "../seed.ts";
import { rounds, soak } from "../soak.ts";
import { databaseUrlOf, onPostgres } from "../test_database.ts";
import { anyLine, systematicLines } from "./command_lines.ts";
import { faultsOf } from "./manners.ts";
import { filesIn, rowsIn } from "./snapshot.ts";

type State = ReturnType<typeof stateOf>;

/** Runs a line and throws unless the answer is a calm one that leaves all as it was. */
async function check(verb: LoadedVerb, world: World, words: readonly string[]): Promise<void> {
  const before = stateOf(world);
  const said = await say(world.place, verb.name, ...words);
  const faults = faultsOf(verb, words, said);
  // What was done of several things stands on standard output; else a failure changes nothing,
  // but that of another program, which is recorded.
  const isOthers = verb.definition.takesCommand ?? false;
  if (said.code !== 0 && said.stdout === "" && !isOthers) {
    faults.push(...changesSince(before, world));
  }
  const shown = words.map((word) => JSON.stringify(word.slice(0, 200))).join(" ");
  const what = `lamin ${verb.name} ${shown}: ${said.code}\n${said.stderr.slice(0, 1500)}`;
  assert.deepEqual(faults, [], what);
}

/** Tables that verbs of this world change. */
const changing = ["lamindb_artifact", "lamindb_branch", "lamindb_storage"]
  .concat(["lamin_operation", "lamin_change", "lamin_object", "lamin_content"]);

function rowsOnServer(root: string): string {
  const parts = changing.map((table) =>
    `(SELECT json_agg(one ORDER BY id) FROM ${table} AS one) AS ${table}`
  );
  return withRaw(root, (database) => JSON.stringify(database.all(`SELECT ${parts.join(", ")}`)));
}

function stateOf({ root }: World) {
  const url = databaseUrlOf(root);
  return {
    database: url === undefined
      ? Deno.readFileSync(`${root}/.lamindb/lamin.db`)
      : rowsOnServer(root),
    files: filesIn(root, (path) => path.startsWith(".lamindb")),
  };
}

function changesSince(before: State, world: World): string[] {
  const after = stateOf(world);
  const faults: string[] = [];
  if (typeof before.database === "string" || typeof after.database === "string") {
    if (before.database !== after.database) faults.push("rows changed");
  } else if (Buffer.compare(before.database, after.database) !== 0) {
    const copy = `${world.root}/../before.db`;
    Deno.writeFileSync(copy, before.database);
    if (rowsIn(copy) !== rowsIn(`${world.root}/.lamindb/lamin.db`)) faults.push("rows changed");
  }
  const isSame = before.files.size === after.files.size &&
    [...before.files].every(([path, what]) => after.files.get(path) === what);
  if (!isSame) faults.push("the files of the user changed");
  return faults;
}

/** Once rows went away from a server, nothing there can be looked at. */
const chosen = ({ name }: LoadedVerb) => !(onPostgres && name === "migrate-db");

Deno.test("fuzz: each verb takes each hostile word in each place with calm", async () => {
  await seeded(async (seed) => {
    const next = random(seed);
    await forEachVerb({ chosen }, async (verb, world) => {
      const lines = systematicLines(verb, world);
      const share = soak ? 1 : 10 / lines.length;
      for (const line of lines) if (next() < share) await check(verb, world, line);
    });
  });
});

Deno.test("fuzz: each verb takes any command line with calm", async () => {
  await seeded(async (seed) => {
    await forEachVerb({ chosen }, async (verb, world) => {
      await fc.assert(
        fc.asyncProperty(anyLine(verb, world), fc.boolean(), async (line, json) => {
          // Behind the command it would be another program's.
          const words = verb.definition.takesCommand ? ["--json", ...line] : [...line, "--json"];
          await check(verb, world, json ? words : line);
        }),
        { seed, numRuns: rounds(5, 400) },
      );
    });
  });
});
