/** A template that cannot be filled is told before anything is changed. */
import assert from "node:assert/strict";
import { forEachVerb, type LoadedVerb, sampleWords } from "../cli/manners_world.ts";
import { say } from "../cli/in_process.ts";
import { filesIn } from "./snapshot.ts";

Deno.test("templates: a field that is not there stops a verb before it changes anything", async () => {
  await forEachVerb({}, async (verb, world) => {
    const lines = [
      sampleWords(verb, world),
      ...[["--permanent", "--force", world.key]].filter(() => verb.name === "rm"),
      ...[["--apply", "--grace", "0"]].filter(() => verb.name === "gc"),
      ...[["--repair"]].filter(() => verb.name === "fsck"),
      ...[["set", "modules", "bionty"]].filter(() => verb.name === "config"),
      ...[["new.csv"], ["-"]].filter(() => verb.name === "add").map((line) => [...line]),
    ];
    Deno.writeTextFileSync(`${world.root}/new.csv`, "1\n");
    for (const line of lines) {
      const base = `${world.root}/..`;
      const before = filesIn(base, isPassing);
      // What stands behind a command is its own.
      const withFormat = (format: string) =>
        verb.definition.takesCommand
          ? ["--format", format, ...line]
          : [...line, "--format", format];
      const words = withFormat("{no.such}");
      const said = await say(world.place, verb.name, ...words);
      const shown = `lamin ${verb.name} ${words.join(" ")}: ${said.code} ${said.stderr}`;
      assert.equal(said.stdout, "", shown);
      // What prints nothing has no field to miss.
      if (said.code !== 0) assert.equal(said.code, 2, shown);
      assert.deepEqual(filesIn(base, isPassing), before, shown);
      const format = Object.keys(await firstOf(verb, world, line)).map((name) => `{${name}}`);
      if (format.length === 0) continue;
      const filled = await say(world.place, verb.name, ...withFormat(format.join(" ")));
      assert.ok(!/there is no field/.test(filled.stderr), `${shown}\n${filled.stderr}`);
    }
  });
});

type World = Parameters<Parameters<typeof forEachVerb>[1]>[1];

/** What the verb prints as JSON, once. */
async function firstOf(
  { name, definition }: LoadedVerb,
  { place }: World,
  line: readonly string[],
): Promise<object> {
  const { code, stdout } = await say(
    place,
    name,
    ...(definition.takesCommand ? ["--json", ...line] : [...line, "--json"]),
  );
  return code === 0 && stdout !== "" ? JSON.parse(stdout.split("\n")[0]!) : {};
}

/** The log of SQLite is there while a process reads; the cache of hashes may always be written. */
function isPassing(path: string): boolean {
  return /-(wal|shm)$|work_index\.db/.test(path);
}
