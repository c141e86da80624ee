import assert from "node:assert/strict";
import { exitCode } from "../../cli/exit.ts";
import { verb } from "../../cli/verb.ts";
import { findVerb } from "../../cli/verbs.ts";
import { FileError } from "../../store/host/host.ts";
import { command } from "../lamin.ts";
import { type Place, say } from "./in_process.ts";
import {
  commandsIn,
  forEachVerb,
  hostileKey,
  loadedVerbs,
  sampleWords,
  verbOf,
} from "./manners_world.ts";

/** Where there is no instance. */
async function outside(work: (place: Place) => Promise<void>): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-manners-" }));
  try {
    await work({ folder, home: folder });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const needsInstance = ({ definition }: typeof loadedVerbs[number]) =>
  definition.exitCodes?.includes(exitCode.noInstance) ?? false;

Deno.test("manners: --help says what a verb does, takes and ends with, by all its names", async () => {
  await outside(async (place) => {
    for (const { name, entry, definition } of loadedVerbs) {
      const { code, stdout, stderr } = await say(place, name, "--help");
      assert.deepEqual([code, stderr], [0, ""], name);
      for (const line of definition.description.split("\n")) assert.ok(stdout.includes(line), name);
      assert.ok(definition.examples.length > 0, `${name} has an example`);
      for (const [line, effect] of definition.examples) {
        assert.ok(stdout.includes(line) && stdout.includes(effect), `${name}: ${line}`);
      }
      for (const flag of [...Object.keys(definition.flags ?? {}), "json", "format"]) {
        assert.ok(stdout.includes(`--${kebab(flag)}`), `${name}: --${flag}`);
      }
      for (const one of [0, 1, 2, ...definition.exitCodes ?? []]) {
        assert.match(stdout, new RegExp(`^ +${one}  \\w`, "m"), `${name}: exit code ${one}`);
      }
      for (const other of [...entry.aliases ?? []]) {
        assert.equal((await say(place, other, "--help")).stdout, stdout, other);
      }
      assert.equal((await say(place, "help", name)).stdout, stdout, name);
    }
  });
});

Deno.test("manners: the list of verbs names each in a line that fits", async () => {
  await outside(async (place) => {
    const { stdout } = await say(place, "--help");
    for (const { name, entry } of loadedVerbs) {
      const line = new RegExp(`^  ${name} .*$`, "m").exec(stdout)?.[0];
      assert.equal(line === undefined, entry.hidden ?? false, name);
      assert.ok(line === undefined || (line.includes(entry.summary) && line.length <= 100), name);
    }
    assert.equal((await say(place)).stdout, stdout);
  });
});

Deno.test("manners: every example of a help is a command line that can be parsed", async () => {
  await outside(async (place) => {
    for (const { name, definition } of loadedVerbs) {
      for (const [line] of definition.examples) {
        const commands = commandsIn(line);
        assert.ok(commands.length > 0, line);
        for (const words of commands) {
          const { name: found, rest } = verbOf(words);
          const known = loadedVerbs.find((one) => one.name === found);
          assert.ok(known !== undefined, `${name}: ${line}: there is no verb ${found}`);
          const { code, stderr } = await parse(place, known.definition, rest);
          assert.deepEqual([code, stderr], [0, ""], `${name}: ${line}`);
        }
      }
    }
  });
});

/** What a verb says to words when it does nothing but parse them. */
async function parse(
  place: Place,
  definition: typeof loadedVerbs[number]["definition"],
  words: readonly string[],
) {
  const idle = verb({ ...definition, run: () => Promise.resolve(0) });
  const entry = findVerb("disconnect")!.entry as { load: () => Promise<{ default: typeof idle }> };
  const load = entry.load;
  entry.load = () => Promise.resolve({ default: idle });
  try {
    return await say(place, "disconnect", ...words);
  } finally {
    entry.load = load;
  }
}

Deno.test("manners: a slip of the keys is answered with what was likely meant", async () => {
  await outside(async (place) => {
    for (const { name, entry, definition } of loadedVerbs) {
      const slipped = `${name.slice(0, -1)}${name.at(-1)}${name.at(-1)}`;
      const verbSaid = await say(place, slipped);
      assert.deepEqual([verbSaid.code, verbSaid.stdout], [2, ""], slipped);
      if (!entry.hidden) assert.match(verbSaid.stderr, new RegExp(`did you mean.*'${name}'`));
      const flags = Object.entries(definition.flags ?? {}) as [
        string,
        { kind: string; values?: string[] },
      ][];
      for (const flag of ["json", ...flags.map(([flag]) => flag)].map(kebab)) {
        if (flag.length < 4) continue;
        const said = await say(place, name, `--${flag.slice(0, -2)}${flag.at(-1)}`);
        assert.deepEqual([said.code, said.stdout], [2, ""], `${name} --${flag}`);
        assert.match(said.stderr, new RegExp(`did you mean.*--${flag}`), `${name} --${flag}`);
      }
      for (const [flag, { kind, values = [] }] of flags) {
        if (kind !== "enum") continue;
        const said = await say(place, name, `--${kebab(flag)}`, `${values[0]}x`);
        assert.deepEqual([said.code, said.stdout], [2, ""], `${name} --${flag}`);
        assert.ok(said.stderr.includes(`did you mean "${values[0]}"`), said.stderr);
      }
    }
  });
});

Deno.test("manners: an empty argument names nothing, least of all everything here", async () => {
  await outside(async (place) => {
    for (const { name, definition } of loadedVerbs) {
      const { completes, minimum = 1 } = definition.arguments ?? {};
      if (completes === undefined || completes === "setting") continue;
      const said = await say(place, name, ...Array<string>(Math.max(minimum, 1)).fill(""));
      assert.deepEqual([said.code, said.stdout], [2, ""], name);
      assert.match(said.stderr, /an argument is empty/, name);
    }
  });
});

Deno.test("manners: outside of an instance a verb that needs one says so in a sentence", async () => {
  await outside(async (place) => {
    for (const one of loadedVerbs.filter(needsInstance)) {
      const codes = [];
      for (const [line] of one.definition.examples) {
        for (const words of commandsIn(line)) {
          if (verbOf(words).name !== one.name) continue;
          // What names a server asks it, and there is none of that name here.
          if (words.some((word) => word.includes("://"))) continue;
          const said = await say(place, ...words);
          codes.push(said.code);
          if (said.code === exitCode.ok) continue;
          assert.equal(said.code, exitCode.noInstance, `${line}: ${said.stderr}`);
          assert.equal(said.stdout, "", line);
          if (words.includes("--json")) continue;
          assert.match(said.stderr, /^✗ there is no instance [^\n]*\n {2}[^\n]*\n$/, line);
          // Behind the verb, since what follows `--` is another program's.
          const json = await say(place, ...words.toSpliced(words[0] === "-C" ? 3 : 1, 0, "--json"));
          assert.deepEqual([json.code, json.stdout], [exitCode.noInstance, ""], line);
          assert.match(json.stderr, /^[^\n]+\n$/, line);
          assert.equal(JSON.parse(json.stderr).error, "no_instance", line);
        }
      }
      assert.ok(codes.includes(exitCode.noInstance), `${one.name}: no example needs an instance`);
    }
  });
});

Deno.test("manners: a command line that is off fails in JSON too, in one line", async () => {
  await outside(async (place) => {
    const lines = loadedVerbs.map(({ name }) => [name, "--no-such-flag", "--json"]);
    for (const words of [...lines, ["nothing", "--json"]]) {
      const { code, stdout, stderr } = await say(place, ...words);
      assert.deepEqual([code, stdout], [2, ""], words.join(" "));
      assert.match(stderr, /^[^\n]+\n$/);
      const error = JSON.parse(stderr);
      assert.equal(error.error, "usage");
      assert.ok(error.message.length > 0 && error.hint.length > 0);
    }
    assert.equal((await say(place, "-C")).code, 2);
  });
});

Deno.test(
  "manners: --json prints objects, one a line, and nothing else on standard output",
  async () => {
    await forEachVerb({}, async (one, world) => {
      const words = sampleWords(one, world);
      const said = await say(world.place, one.name, ...words, "--json");
      assert.equal(said.code, 0, `lamin ${one.name} ${words.join(" ")}: ${said.stderr}`);
      const lines = said.stdout.split("\n");
      assert.equal(lines.pop(), "", one.name);
      for (const line of lines) {
        const value = JSON.parse(line);
        assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), line);
      }
    });
  },
);

Deno.test("manners: -C names the instance for every verb that needs one", async () => {
  await forEachVerb({ chosen: needsInstance }, async (one, world) => {
    const words = ["-C", world.root, one.name, ...sampleWords(one, world)];
    const place = { ...world.place, folder: world.place.home };
    const said = await say(place, ...words);
    // Words that are paths count from the working directory, which lies elsewhere.
    assert.notEqual(said.code, exitCode.noInstance, `${words.join(" ")}: ${said.stderr}`);
    assert.ok(!said.stderr.includes("should not happen"), said.stderr);
  });
});

Deno.test(
  "manners: names that would command a terminal are shown harmless, and raw in JSON",
  async () => {
    // deno-lint-ignore no-control-regex -- these are what is looked for
    const commanding = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/;
    const named: string[] = [];
    await forEachVerb({ hostile: true }, async (one, world) => {
      const sample = sampleWords(one, world);
      for (
        const words of [sample, [...sample, "--json"], [...sample, "--verbose"], [], ["--json"]]
      ) {
        const said = await say(world.place, one.name, ...words);
        const line = [one.name, ...words].join(" ");
        assert.ok(!said.stderr.includes("should not happen"), `${line}: ${said.stderr}`);
        const shown = said.stdout + said.stderr;
        assert.equal(commanding.exec(shown), null, `${line}: ${JSON.stringify(shown)}`);
        const values = words.includes("--json") ? said.stdout.split("\n").filter(Boolean) : [];
        if (values.some((value) => deepIncludes(JSON.parse(value), hostileKey))) {
          named.push(one.name);
        }
      }
    });
    assert.ok(
      named.includes("list") && named.includes("show") && named.length > 4,
      named.join(" "),
    );
  },
);

function deepIncludes(value: unknown, wanted: string): boolean {
  if (typeof value !== "object" || value === null) return value === wanted;
  return Object.values(value).some((inner) => deepIncludes(inner, wanted));
}

Deno.test("manners: a reader that leaves ends every verb quietly", async () => {
  await forEachVerb({}, async (one, world) => {
    const gone: Place = {
      ...world.place,
      writeOutput: () => {
        throw new FileError("EPIPE", "write", "standard output");
      },
    };
    for (const words of [[...sampleWords(one, world), "--json"], ["--help"]]) {
      const said = await say(gone, one.name, ...words);
      assert.deepEqual([said.code, said.stderr], [0, ""], `${one.name} ${words.join(" ")}`);
    }
  });
});

Deno.test("manners: a pipe whose reader has left ends the process with 0", async () => {
  const { program, args } = command();
  const { code, stderr } = await new Deno.Command("bash", {
    args: ["-c", 'set -o pipefail; "$@" | true', "manners", program, ...args, "completions", "zsh"],
  }).output();
  assert.deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
});

/** Cursor movements of progress are no colours. */
const colour = new RegExp("\x1b\\[[\\d;]*m");

Deno.test("manners: colours only for a person, and none with NO_COLOR", async () => {
  await forEachVerb({}, async (one, world) => {
    const words = sampleWords(one, world);
    const seen = { ...world.place, isTerminal: true };
    const none = { ...seen, environment: { NO_COLOR: "1" } };
    const said = await say(none, one.name, ...words);
    assert.ok(!colour.test(said.stdout + said.stderr), `${one.name}: ${said.stdout}`);
    const help = (await say(none, one.name, "--help")).stdout;
    assert.ok(!help.includes("\x1b"), one.name);
  });
  await outside(async (place) => {
    assert.ok((await say({ ...place, isTerminal: true }, "--help")).stdout.includes("\x1b[1m"));
    assert.ok(!(await say(place, "--help")).stdout.includes("\x1b"));
  });
});
