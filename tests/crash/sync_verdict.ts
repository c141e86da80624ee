import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Atlas } from "../cli/atlas.ts";
import { digestsOf } from "../core/sync/digests.ts";
import { leftovers } from "./leftovers.ts";
import { comparable, exists, type Look, look } from "./look.ts";
import type { Snapshot } from "./snapshots.ts";
import { type StoredFiles, storedFiles } from "./stored_files.ts";

/** A command that brings things from one instance to another. */
export interface SyncCommand {
  readonly words: readonly string[];
  /** Where it is said. */
  readonly here: Atlas;
  readonly source: Atlas;
  readonly target: Atlas;
  /** Whether it makes the target. */
  readonly isClone: boolean;
}

/** What an instance has. */
interface Side {
  readonly look: Look;
  readonly stored: StoredFiles;
  /** What its rows mean. */
  readonly digests: Readonly<Record<string, string>>;
}

export interface BothSides {
  readonly source: Side;
  readonly target: Side;
}

export async function bothSides({ source, target }: SyncCommand): Promise<BothSides> {
  return { source: await sideAt(source), target: await sideAt(target) };
}

async function sideAt(atlas: Atlas): Promise<Side> {
  return {
    look: look(atlas.root),
    stored: storedFiles(atlas.root),
    digests: hasRows(atlas) ? await digestsOf(atlas) : {},
  };
}

function hasRows({ root }: Atlas): boolean {
  return exists(`${root}/.lamindb/lamin.db`);
}

/** What has to hold on both sides wherever a sync died. */
export class SyncVerdict {
  /** `before` and `after` are what an undisturbed run began with and led to. */
  constructor(
    private readonly command: SyncCommand,
    private readonly before: BothSides,
    private readonly after: BothSides,
  ) {}

  /** Looks at what a death left. */
  async pass(moment: Omit<Snapshot, "name">): Promise<void> {
    try {
      const stored = await this.#passAtOnce(moment);
      await this.#passAgain(stored);
    } catch (error) {
      throw new Error(`${this.command.words.join(" ")}, ${moment.moment}`, { cause: error });
    }
  }

  /** Both sides work and are sound; gives what the target has stored. */
  async #passAtOnce({ isTold }: Omit<Snapshot, "name">): Promise<StoredFiles> {
    const { source, target } = this.command;
    for (const side of [source, target]) {
      await this.#expect(side, hasRows(side) ? 0 : 10, "status");
      if (hasRows(side)) await this.#expect(side, 0, "fsck", "--deep");
    }
    const found = await bothSides(this.command);
    this.#oldOrNew("source", found);
    const isNew = this.#oldOrNew("target", found);
    if (isTold) assert.ok(isNew, "what was told is not there");
    if (isTold) await this.#passRemote();
    const { look: { contents } } = isNew ? this.after.target : this.before.target;
    assert.deepEqual(found.target.look.contents, contents, "readable contents");
    for (const [path, file] of Object.entries(found.target.stored)) {
      assert.deepEqual(file, this.after.target.stored[path], `${path} is stored as it is not`);
    }
    this.#passFiles(found);
    return found.target.stored;
  }

  /** Rows of a side are all as they were, or all as they will be; true for the latter. */
  #oldOrNew(which: "source" | "target", found: BothSides): boolean {
    const [now, before, after] = [found, this.before, this.after].map((one) =>
      this.#rows(which, one)
    );
    if (isDeepStrictEqual(now, after)) return true;
    const isEmpty = this.command.isClone && which === "target" &&
      !found[which].look.rows.some((row) => row.startsWith("lamindb_artifact "));
    if (!isEmpty) assert.deepEqual(now, before, `rows of the ${which} are neither old nor new`);
    return false;
  }

  #rows(which: "source" | "target", { [which]: { look: { rows, operations } } }: BothSides) {
    // The next sync notes more; and the storage of a clone has another uid each time.
    const compared = rows.filter((row) => !row.startsWith("lamin_ledger "));
    return comparable([...compared, ...operations], this.before[which].look);
  }

  /** Nothing of what users have in their folders is touched. */
  #passFiles(found: BothSides): void {
    for (const which of ["source", "target"] as const) {
      assert.deepEqual(found[which].look.files, this.before[which].look.files, `files, ${which}`);
    }
  }

  /** The same command leads to the same end, and moves only what was not there. */
  async #passAgain(stored: StoredFiles): Promise<void> {
    const { words, here, source, target } = this.command;
    const { code, stdout, stderr } = await here.run(...words);
    assert.equal(code, 0, `said again: ${stderr}`);
    const missing = Object.entries(this.after.target.stored).filter(([path]) => !stored[path]);
    const { bytes, objects } = JSON.parse(stdout);
    assert.ok(bytes <= missing.reduce((sum, [, { size }]) => sum + size, 0), `${bytes} bytes`);
    assert.ok(objects <= missing.length, `${objects} objects`);
    const end = await bothSides(this.command);
    for (const which of ["source", "target"] as const) {
      assert.deepEqual(end[which].digests, this.after[which].digests, `digests, ${which}`);
      assert.deepEqual(this.#rows(which, end), this.#rows(which, this.after), `rows, ${which}`);
      assert.deepEqual(end[which].stored, this.after[which].stored, `stored, ${which}`);
      assert.deepEqual(end[which].look.contents, this.after[which].look.contents, "contents");
    }
    this.#passFiles(end);
    await this.#passRemote();
    for (const side of [source, target]) {
      assert.deepEqual(leftovers(side.root), [], "leftovers");
      assert.deepEqual(await side.json("fsck", "--deep"), [], "findings");
    }
    const third = JSON.parse((await here.run(...words)).stdout);
    const { records, operation } = third;
    assert.deepEqual([records, third.objects, operation], [0, 0, null], "a third time");
  }

  /** What was cloned knows what it is a clone of. */
  async #passRemote(): Promise<void> {
    const { isClone, source, target } = this.command;
    if (!isClone) return;
    const remotes = await target.json("remote", "list");
    assert.deepEqual(remotes.map(({ name, url }) => [name, url]), [["origin", source.root]]);
  }

  async #expect(side: Atlas, expected: number, ...words: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await side.run(...words);
    assert.equal(code, expected, `${words.join(" ")} in ${side.root}: ${stdout}${stderr}`);
  }
}
