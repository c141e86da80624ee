import assert from "node:assert/strict";
import type { Atlas } from "../cli/atlas.ts";
import { noS3Server } from "../s3_server.ts";
import { missingPostgres } from "../postgres_server.ts";
import { denoFolder } from "../lamin.ts";
import { random, seeded } from "../seed.ts";
import { test } from "../skip.ts";
import { soak } from "../soak.ts";
import { ownPlaces } from "../test_database.ts";
import { comparable, type Look } from "./look.ts";
import { type PlaceName, type RemotePlace, withRemotePlace } from "./remote_place.ts";
import type { RemoteEnd, RemoteSpecification } from "./remote_victim.ts";

/** A command that may die between two requests, and what it works on. */
export interface RemoteScenario {
  readonly words: readonly string[] | ((place: RemotePlace) => Promise<readonly string[]>);
  /** Makes ready what the command works on. */
  readonly prepare: (place: RemotePlace) => Promise<void>;
  /** Where it is said, if not in the work tree of the instance. */
  readonly at?: (place: RemotePlace) => Atlas;
  /** What saying it again is when its rows are there. */
  readonly again: "same" | "refused";
  /** What has to be said besides for nothing to be left over, that harms nobody. */
  readonly tidy?: readonly string[];
  /** Whether bytes are damaged before, so that fsck has something to say until they are mended. */
  readonly isDamaged?: boolean;
}

const victim = new URL("./remote_victim.ts", import.meta.url).pathname;

/** Deaths of a command unless the test runs for long, which takes all of them. */
const deaths = 2;

/**
 * Registers the test of a command: whenever it dies before a request, the next one works, the state
 * is the old one or the new one, and saying it again leads to the new one.
 */
export function remoteDeathSuite(name: string, scenario: RemoteScenario): void {
  const needs: Record<PlaceName, string | undefined> = {
    "rows in Postgres, bytes in S3": noS3Server ?? missingPostgres() ?? ownPlaces,
    "a SQLite file in a bucket": noS3Server ?? ownPlaces,
  };
  for (const [place, missing] of Object.entries(needs) as [PlaceName, string | undefined][]) {
    test(
      `${name}, ${place}: whenever it dies, the old state or the new one is there`,
      missing,
      () =>
        seeded((seed) =>
          withRemotePlace(place, async (one) => {
            await scenario.prepare(one);
            const { words } = scenario;
            const said = typeof words === "function" ? await words(one) : words;
            await stepThrough(one, { ...scenario, words: said }, seed);
          })
        ),
    );
  }
}

interface Said extends RemoteScenario {
  readonly words: readonly string[];
}

async function stepThrough(place: RemotePlace, scenario: Said, seed: number): Promise<void> {
  const restore = await place.keep();
  const before = await place.look();
  const whole = await spawn(place, scenario);
  assert.ok(whole !== undefined && whole.code === 0, `undisturbed: ${whole?.stderr}`);
  const after = await place.look();
  assert.ok(whole.steps > 0, "it asks no server");
  let killed = 0;
  for (const step of stepsToDieAt(whole.steps, seed)) {
    await restore();
    const end = await spawn(place, scenario, step);
    if (end === undefined) killed++;
    try {
      await checkDeath(place, scenario, { before, after, isTold: end !== undefined });
    } catch (error) {
      const moment = `before request ${step} of ${whole.steps}`;
      throw new Error(`${scenario.words.join(" ")}, killed ${moment}`, { cause: error });
    }
  }
  assert.ok(killed > 0, "none was killed");
}

function stepsToDieAt(steps: number, seed: number): number[] {
  if (soak) return Array.from({ length: steps }, (_, step) => step);
  const chance = random(seed);
  return Array.from({ length: deaths }, () => Math.floor(chance() * steps));
}

/** How the command ended, or undefined when it was killed. */
async function spawn(
  place: RemotePlace,
  { words, at }: Said,
  dieAt?: number,
): Promise<RemoteEnd | undefined> {
  const { atlas, environment } = place;
  const { root: folder, home } = at?.(place) ?? atlas;
  const specification: RemoteSpecification = {
    ...{ folder, home, environment, words },
    ...(dieAt === undefined ? {} : { dieAt }),
  };
  const { signal, success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", victim, JSON.stringify(specification)],
    env: { DENO_DIR: denoFolder() },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (signal === "SIGKILL") return undefined;
  assert.ok(success, "the victim works");
  return JSON.parse(new TextDecoder().decode(stdout));
}

interface Course {
  readonly before: Look;
  readonly after: Look;
  /** Whether the command came to its end. */
  readonly isTold: boolean;
}

async function checkDeath(place: RemotePlace, scenario: Said, course: Course): Promise<void> {
  const { before, after, isTold } = course;
  await expect(place, "status");
  if (!scenario.isDamaged) await expect(place, "fsck", "--deep");
  const found = await place.look();
  const [now, old, wanted] = [found, before, after].map((one) =>
    comparable([...one.rows, ...one.operations], before)
  );
  const isNew = same(now!, wanted!);
  if (!isNew && !same(now!, old!)) assert.deepEqual(now, wanted, "rows are neither old nor new");
  if (isTold) assert.ok(isNew, "what was told is not there");
  if (!scenario.isDamaged) {
    assert.deepEqual(found.contents, (isNew ? after : before).contents, "stored contents");
  }
  checkFiles(found, course);
  const again = await (scenario.at?.(place) ?? place.atlas).run(...scenario.words);
  if (!isNew || scenario.again === "same") {
    assert.equal(again.code, 0, `said again: ${again.stderr}`);
  } else assert.notEqual(again.code, 0, "it is done twice");
  await expect(place, ...(scenario.tidy ?? ["status"]));
  const end = await place.look();
  assert.deepEqual(withoutIds(end, before), withoutIds(after, before), "rows, said again");
  assert.deepEqual(textsOf(end.contents), textsOf(after.contents), "contents, said again");
  checkFiles(end, course);
  await checkNothingLeft(place);
}

/** What the dead process stored for nothing goes with the next collection, nothing else does. */
async function checkNothingLeft(place: RemotePlace): Promise<void> {
  await expect(place, "gc", "--apply", "--grace", "0");
  assert.deepEqual(await place.atlas.json("fsck", "--deep"), [], "when garbage was collected");
}

async function expect({ atlas }: RemotePlace, ...words: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await atlas.run(...words);
  assert.equal(code, 0, `${words.join(" ")}: ${stdout}${stderr}`);
}

/** Each file of the user is there as it was or as it will be, and none of their bytes are lost. */
function checkFiles({ files }: Look, { before, after }: Course): void {
  const hash = (text: string | undefined) => text?.slice(0, text.indexOf(" "));
  for (const path of new Set([before, after].flatMap(({ files }) => Object.keys(files)))) {
    const known = [before, after].map(({ files }) => hash(files[path]));
    assert.ok(known.includes(hash(files[path])), `${path} is neither the old nor the new`);
  }
  const hashes = (of: Look["files"]) => new Set(Object.values(of).map(hash));
  const lost = hashes(before.files).intersection(hashes(after.files)).difference(hashes(files));
  assert.deepEqual([...lost], [], "bytes of the user's that are nowhere");
}

/**
 * Rows without their ids, sorted: a transaction that a server gave up has used up some of its
 * sequences.
 */
function withoutIds({ rows }: Look, before: Look): string[] {
  return comparable(rows, before)
    .map((row) => row.replace(/\\?"(?:\w+_)?id\\?": ?\d+/g, "")).sort();
}

function textsOf(contents: Look["contents"]): string[] {
  return Object.values(contents).sort();
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
