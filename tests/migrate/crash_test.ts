/** Whenever moving dies, nothing is lost, and the same command leads to the end. */
import assert from "node:assert/strict";
import { type Atlas, atlasAt } from "../cli/atlas.ts";
import type { Specification } from "../crash/victim.ts";
import { denoFolder, withWorkspace } from "../lamin.ts";
import { random, seeded } from "../seed.ts";
import { test } from "../skip.ts";
import { soak } from "../soak.ts";
import { dumpOfFile, dumpOfServer } from "./dump.ts";
import { noMigration, withUrl } from "./place.ts";

const victim = new URL("../crash/victim.ts", import.meta.url).pathname;

/** Steps that are died at unless the test runs for long: the last ones matter most. */
const most = { last: 5, byChance: 2 };

function victimOf(specification: Partial<Specification>, stdout: "piped" | "null") {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", victim, JSON.stringify(specification)],
    env: { DENO_DIR: denoFolder() },
    stdin: "null",
    stdout,
    stderr: "inherit",
  }).output();
}

/** Runs a command that dies before a step; false when it came to its end before. */
async function died(base: string, words: readonly string[], dieAt: number): Promise<boolean> {
  const { code, signal } = await victimOf({ base, words, dieAt }, "null");
  assert.ok(code === 0 || signal === "SIGKILL", `step ${dieAt}: ${code} ${signal}`);
  return signal !== null;
}

/** How many steps the command has. */
async function stepsOf(base: string, words: readonly string[]): Promise<number> {
  const into = `${base}-steps`;
  Deno.mkdirSync(into);
  const specification: Specification = {
    ...{ base, words, into, input: undefined, dieAt: undefined },
    ...{ seed: 1, losses: 0, most: 0 },
  };
  const { success, stdout } = await victimOf(specification, "piped");
  Deno.removeSync(into, { recursive: true });
  assert.ok(success, `${words.join(" ")} is recorded`);
  const { code, steps } = JSON.parse(new TextDecoder().decode(stdout));
  assert.equal(code, 0, `${words.join(" ")} works undisturbed`);
  // The last step is the end, when nothing is left to be done.
  return steps - 1;
}

function chosen(steps: number, seed: number): number[] {
  const all = Array.from({ length: steps }, (_, step) => step);
  if (soak) return all;
  const chance = random(seed);
  const early = all.slice(0, -most.last);
  const some = Array.from(
    { length: most.byChance },
    () => early[Math.floor(chance() * early.length)]!,
  );
  return [...new Set([...some, ...all.slice(-most.last)])];
}

/** Runs `work` in a fresh copy of an instance with some rows, with an empty database. */
async function withCopy(
  prepared: string,
  work: (atlas: Atlas, url: string, base: string) => Promise<void>,
): Promise<void> {
  await withUrl(async (url) => {
    const base = prepared.replace(/[^/]+$/, "base");
    assert.ok((await new Deno.Command("cp", { args: ["-r", prepared, base] }).output()).success);
    try {
      await work(atlasAt(`${base}/atlas`, `${base}/home`), url, base);
    } finally {
      Deno.removeSync(base, { recursive: true });
    }
  });
}

async function withPrepared(work: (prepared: string) => Promise<void>): Promise<void> {
  await withWorkspace(async ({ root }) => {
    // The names of the folders are those that the victim expects; the root is noted in settings.
    const folder = root.slice(0, root.lastIndexOf("/"));
    const base = `${folder}/base`;
    for (const name of ["atlas", "home"]) Deno.mkdirSync(`${base}/${name}`, { recursive: true });
    const atlas = atlasAt(`${base}/atlas`, `${base}/home`);
    await atlas.lamin("init");
    for (const name of ["a", "b", "c"]) atlas.write(`${name}.csv`, `${name}\n`);
    await atlas.lamin("add", ".");
    await atlas.lamin("mv", "a.csv", "d.csv");
    Deno.renameSync(base, `${folder}/prepared`);
    await work(`${folder}/prepared`);
  });
}

async function checkAlive(atlas: Atlas, what: string): Promise<void> {
  const { code, stdout, stderr } = await atlas.run("list", "artifact", "--json");
  assert.equal(code, 0, `${what}: ${stderr}`);
  assert.equal(stdout.split("\n").filter(Boolean).length, 3, what);
}

test(
  "migrate: whenever moving to a server dies, nothing is lost and it can be ended",
  noMigration,
  () =>
    seeded((seed) =>
      withPrepared(async (prepared) => {
        const before = await dumpOfFile(`${prepared}/atlas`);
        let steps = 0;
        await withCopy(prepared, async (_, url, base) => {
          steps = await stepsOf(base, ["migrate-db", url]);
        });
        for (const step of chosen(steps, seed)) {
          await withCopy(prepared, async (atlas, url, base) => {
            assert.ok(await died(base, ["migrate-db", url], step), `step ${step} is not the end`);
            await checkAlive(atlas, `after step ${step}`);
            await atlas.lamin("migrate-db", url);
            assert.deepEqual(await dumpOfServer(url), before, `step ${step}`);
            assert.ok(!atlas.exists(".lamindb/lamin.db"), `step ${step}`);
            await checkAlive(atlas, `in the end, after step ${step}`);
            const names = [...Deno.readDirSync(`${atlas.root}/.lamindb`)].map(({ name }) => name)
              .sort();
            const expected = [
              "lamin.db.before-migration",
              "objects",
              "storage_uid.txt",
              "work_index.db",
            ];
            assert.deepEqual(names, expected, `step ${step}`);
          });
        }
      })
    ),
);

test(
  "migrate: whenever moving back from a server dies, nothing is lost and it can be ended",
  noMigration,
  () =>
    seeded((seed) =>
      withPrepared(async (prepared) => {
        const before = await dumpOfFile(`${prepared}/atlas`);
        let steps = 0;
        await withCopy(prepared, async (atlas, url, base) => {
          await atlas.lamin("migrate-db", url);
          steps = await stepsOf(base, ["migrate-db", "sqlite"]);
        });
        for (const step of chosen(steps, seed)) {
          await withCopy(prepared, async (atlas, url, base) => {
            await atlas.lamin("migrate-db", url);
            assert.ok(
              await died(base, ["migrate-db", "sqlite"], step),
              `step ${step} is not the end`,
            );
            await checkAlive(atlas, `after step ${step}`);
            await atlas.lamin("migrate-db", "sqlite");
            assert.deepEqual(await dumpOfFile(atlas.root), before, `step ${step}`);
            await checkAlive(atlas, `in the end, after step ${step}`);
            atlas.write("new.csv", "new\n");
            await atlas.lamin("add", "new.csv");
            const settings = Deno.readTextFileSync(
              `${atlas.home}/.lamin/instance--anonymous--atlas.env`,
            );
            assert.match(settings, /^lamindb_instance_db=null$/m, `step ${step}`);
            const names = [...Deno.readDirSync(`${atlas.root}/.lamindb`)].map(({ name }) => name);
            assert.deepEqual(names.filter((name) => name.startsWith("new-")), [], `step ${step}`);
          });
        }
      })
    ),
);
