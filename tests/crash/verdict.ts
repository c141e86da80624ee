import assert from "node:assert/strict";
import type { Atlas } from "../cli/atlas.ts";
import { type Said, say } from "../cli/in_process.ts";
import { soak } from "../soak.ts";
import { leftovers } from "./leftovers.ts";
import { comparable, exists, type Look, look } from "./look.ts";
import type { Scenario } from "./scenario.ts";
import type { Snapshot } from "./snapshots.ts";

type Moment = Omit<Snapshot, "name">;

/** What has to hold wherever a command died. */
export class Verdict {
  readonly #old: string[];
  readonly #new: string[];

  /** `before` and `after` are what an undisturbed run began with and led to. */
  constructor(
    private readonly scenario: Scenario & { readonly words: readonly string[] },
    private readonly atlas: Atlas,
    private readonly before: Look,
    private readonly after: Look,
  ) {
    this.#old = this.#rows(before);
    this.#new = this.#rows(after);
  }

  /** Looks at what a death left in the instance's folder. */
  async pass(moment: Moment): Promise<void> {
    try {
      const isOld = await this.#passAtOnce(moment);
      await this.#passAgain(isOld);
    } catch (error) {
      throw new Error(`${this.scenario.words.join(" ")}, ${moment.moment}`, { cause: error });
    }
  }

  /** The next command works, and what it finds is old or new; true for old. */
  async #passAtOnce({ isTold, isOver }: Moment): Promise<boolean> {
    const { scenario, before, after } = this;
    const isThere = exists(`${this.atlas.root}/.lamindb/lamin.db`);
    await this.#expect(isThere ? 0 : 10, "status");
    if (isThere && !scenario.isDamaged) await this.#expect(0, "fsck", "--deep");
    const found = look(this.atlas.root);
    const rows = this.#rows(found);
    const isOld = same(rows, this.#old);
    const isNew = same(rows, this.#new);
    if (!isOld && !isNew) assert.deepEqual(rows, this.#new, "rows are neither old nor new");
    if (isTold) assert.ok(isNew, "what was told is not there");
    if (!scenario.isDamaged) {
      const readable = scenario.bringsBytes && !isNew
        ? withArrived(found.contents, before.contents, after.contents)
        : (isNew ? after : before).contents;
      assert.deepEqual(found.contents, readable, "readable contents");
    }
    this.#passFiles(found, isOver);
    return isOld;
  }

  /** Each file of the user is there under its old or its new name, as it was or will be. */
  #passFiles(found: Look, isOver: boolean): void {
    const { before, after } = this;
    for (const path of new Set([...Object.keys(before.files), ...Object.keys(after.files)])) {
      const [now, ...wanted] = [found, after, before].map(({ files }) => withoutTime(files[path]));
      assert.ok(wanted.includes(now), `${path}: ${now}, not ${wanted.join(" or ")}`);
      if (isOver) assert.equal(now, wanted[0], `${path} was told to be so`);
    }
    const places = (files: Look["files"]) => new Set(Object.values(files).map(hashOf));
    const lost = places(before.files).intersection(places(after.files))
      .difference(places(found.files));
    assert.deepEqual([...lost], [], "bytes of the user's that are nowhere");
    for (const [path, text] of Object.entries(before.files)) {
      if (withoutTime(found.files[path]) !== withoutTime(text)) continue;
      if (after.files[path] === text) assert.equal(found.files[path], text, `${path} was touched`);
    }
  }

  /** The same command leads to the new state. */
  async #passAgain(isOld: boolean): Promise<void> {
    const { scenario, after } = this;
    const said = await this.#say(...scenario.words);
    const isDone = isOld || scenario.again === "same";
    if (isDone) assert.equal(said.code, 0, `said again: ${said.stderr}`);
    else if (scenario.again === "refused") assert.notEqual(said.code, 0, "it is done twice");
    scenario.check?.(this.atlas);
    assert.doesNotMatch(said.stderr, /should not happen/);
    if (scenario.tidy !== undefined) await this.#expect(0, ...scenario.tidy);
    const found = look(this.atlas.root);
    const files = scenario.keepsOldNames && !isOld ? this.#withoutOld(found) : found.files;
    assert.deepEqual(withoutTimes(files), withoutTimes(after.files), "files, said again");
    assert.deepEqual(found.contents, after.contents, "contents, said again");
    assert.deepEqual(
      comparable(found.rows, this.before),
      comparable(after.rows, this.before),
      "rows, said again",
    );
    assert.deepEqual(leftovers(this.atlas.root), [], "leftovers");
    if (soak) await this.#expect(0, "fsck", "--deep");
  }

  /** Files without those that are as they were and that were to go. */
  #withoutOld({ files }: Look): Look["files"] {
    const { before, after } = this;
    return Object.fromEntries(
      Object.entries(files).filter(([path, text]) =>
        path in after.files || withoutTime(before.files[path]) !== withoutTime(text)
      ),
    );
  }

  async #expect(code: number, ...words: string[]): Promise<void> {
    const said = await this.#say(...words);
    assert.equal(said.code, code, `${words.join(" ")}: ${said.stdout}${said.stderr}`);
  }

  #say(...words: readonly string[]): Promise<Said> {
    const { input } = this.scenario;
    const { root: folder, home } = this.atlas;
    return say({ folder, home, ...(input === undefined ? {} : { input }) }, ...words);
  }

  #rows({ rows, operations }: Look): string[] {
    return comparable([...rows, ...operations], this.before);
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

/** Hash and mode of a file. */
function withoutTime(text: string | undefined): string | undefined {
  return text?.slice(0, text.lastIndexOf(" "));
}

function withoutTimes(files: Look["files"]): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, withoutTime(text)]));
}

function hashOf(text: string): string {
  return text.slice(0, text.indexOf(" "));
}

/** Contents as they were, but for those that came: whole, or of a folder some of its files. */
function withArrived(
  found: Look["contents"],
  before: Look["contents"],
  after: Look["contents"],
): Look["contents"] {
  const hasCome = (id: string) => {
    const files = after[id]!.split("\n");
    return found[id]!.split("\n").every((file) => file === "" || files.includes(file));
  };
  return Object.fromEntries(
    Object.entries(before).map(([id, text]) => [id, hasCome(id) ? found[id]! : text]),
  );
}
