/**
 * How work grows with the number of files, without a clock: calls to the file system, statements
 * and rows of every command, at two sizes. What is spent on each file more is bounded, and the
 * number of queries does not depend on the size. The bounds lie above what was counted when they
 * were set; a change that needs more for each file has to say so here.
 */
import assert from "node:assert/strict";
import { type Atlas, withAtlas } from "./cli/atlas.ts";
import { say } from "./cli/in_process.ts";
import { counted, type Counts, sum } from "./counting.ts";
import { test } from "./skip.ts";
import { soak } from "./soak.ts";
import { onlyLocal, onlySqlite } from "./test_database.ts";

// The bounds are those of calls of this disk and of SQLite.
const missing = onlySqlite ?? onlyLocal;

/** What a command may spend on each file more. */
interface Bounds {
  /** Calls to the file system, with those to open files. */
  readonly files: number;
  /** Rows read, and statements that write. */
  readonly rows: number;
  readonly writes: number;
  /** Files opened or read as a whole. */
  readonly reads: number;
  /** Queries; none more unless it says so, for what goes through many rows page by page. */
  readonly queries?: number;
}

interface Step {
  readonly name: string;
  readonly words: readonly string[];
  readonly bounds: Bounds;
  readonly before?: (atlas: Atlas, count: number) => void | Promise<void>;
}

const nothing: Bounds = { files: 0, rows: 0, writes: 0, reads: 0 };

const steps: readonly Step[] = [
  {
    name: "status before anything is added",
    words: ["status"],
    bounds: { files: 2, rows: 0, writes: 0, reads: 0 },
  },
  {
    name: "add",
    words: ["add", "data"],
    bounds: { files: 14, rows: 0.1, writes: 4, reads: 2 },
  },
  {
    // Times of what was written a moment ago are not trusted: this look finds that out.
    name: "first status",
    words: ["status"],
    bounds: { files: 2, rows: 2, writes: 1, reads: 1 },
    before: () => new Promise((resolve) => setTimeout(resolve, 150)),
  },
  {
    name: "status, nothing changed",
    words: ["status"],
    bounds: { files: 2, rows: 1.2, writes: 0, reads: 0 },
  },
  {
    name: "add again, unchanged",
    words: ["add", "data"],
    bounds: { files: 3, rows: 1.2, writes: 0, reads: 0 },
  },
  {
    name: "status, 10 changed",
    words: ["status"],
    bounds: { files: 2, rows: 1.2, writes: 0, reads: 0 },
    before: changeTen,
  },
  {
    name: "add, 10 changed",
    words: ["add", "data"],
    bounds: { files: 3, rows: 1.2, writes: 0, reads: 0 },
  },
  {
    name: "fsck",
    words: ["fsck"],
    bounds: { files: 2, rows: 5, writes: 0, reads: 0, queries: 0.02 },
  },
  {
    name: "fsck --deep",
    words: ["fsck", "--deep"],
    bounds: { files: 8, rows: 5, writes: 0, reads: 1.2, queries: 0.02 },
  },
  { name: "log", words: ["log", "-n", "20"], bounds: { ...nothing, rows: 1 } },
  { name: "log of a folder", words: ["log", "data"], bounds: { ...nothing, rows: 3 } },
  { name: "log of one", words: ["log", "data/d1/f11.bin"], bounds: nothing },
  { name: "list 20", words: ["list", "artifact", "-n", "20"], bounds: nothing },
  { name: "list all", words: ["list", "artifact", "--json"], bounds: { ...nothing, rows: 1.2 } },
  { name: "show", words: ["show", "data/d1/f11.bin"], bounds: nothing },
  {
    name: "mv of all",
    words: ["mv", "data", "moved"],
    bounds: { files: 20, rows: 4, writes: 3, reads: 0 },
  },
  {
    name: "get of all, all there",
    words: ["get", "moved"],
    bounds: { files: 4, rows: 3, writes: 0, reads: 0 },
  },
  {
    name: "get of all, none there",
    words: ["get", "moved"],
    bounds: { files: 20, rows: 4, writes: 2, reads: 3 },
    before: (atlas) => atlas.remove("moved"),
  },
  {
    name: "rm of all",
    words: ["rm", "-r", "moved"],
    bounds: { files: 0, rows: 4, writes: 1.2, reads: 0 },
  },
  {
    name: "restore of all",
    words: ["restore", "moved"],
    bounds: { files: 0, rows: 6, writes: 2.5, reads: 0 },
  },
  { name: "undo of that", words: ["undo"], bounds: { files: 0, rows: 8, writes: 3, reads: 0 } },
  { name: "gc", words: ["gc"], bounds: { files: 1, rows: 6, writes: 0, reads: 0 } },
  {
    name: "rm of all for good",
    words: ["rm", "-r", "--permanent", "--force", "moved"],
    bounds: { files: 0, rows: 6, writes: 3, reads: 0 },
  },
  {
    name: "gc of all",
    words: ["gc", "--apply", "--grace", "0"],
    bounds: { files: 10, rows: 6, writes: 2, reads: 0 },
  },
];

const small = 100;
const large = soak ? 10_000 : 1_000;

/** A file in a folder of ten; all are of the same size. */
function fileName(index: number): string {
  return `data/d${Math.floor(index / 10)}/f${index}.bin`;
}

function contentOf(index: number, word: string): string {
  return `${word} ${index.toString().padStart(6, "0")}\n`;
}

/** Ten files in ten folders, of the size that they had. */
function changeTen(atlas: Atlas): void {
  for (let index = 0; index < 100; index += 10) {
    atlas.write(fileName(index), contentOf(index, "changed"));
  }
}

/** The counts of every step, one after another in one instance. */
async function countSteps(count: number): Promise<Counts[]> {
  const counts: Counts[] = [];
  await withAtlas(async (atlas) => {
    for (let index = 0; index < count; index++) {
      atlas.write(fileName(index), contentOf(index, "content"));
    }
    for (const { name, words, before } of steps) {
      await before?.(atlas, count);
      const ofStep = await counted(async (wrap) => {
        const place = { folder: atlas.root, home: atlas.home, wrap };
        const { code, stderr } = await say(place, ...words);
        assert.equal(code, 0, `${name}: ${stderr}`);
      });
      counts.push(ofStep);
    }
  });
  return counts;
}

/** The same counts by the names of bounds. */
function totals({ files, open, queries, writes, rows }: Counts): Record<keyof Bounds, number> {
  const reads = (files["open"] ?? 0) + (files["readFile"] ?? 0);
  return { files: sum(files) + sum(open), rows, writes, reads, queries };
}

test("slope: ten times as many files cost ten times as much, not more", missing, async (t) => {
  const few = (await countSteps(small)).map(totals);
  const many = (await countSteps(large)).map(totals);
  for (const [index, { name, bounds }] of steps.entries()) {
    await t.step(name, () => {
      for (const what of ["files", "rows", "writes", "reads", "queries"] as const) {
        const [one, other] = [few[index]![what], many[index]![what]];
        const each = (other - one) / (large - small);
        const counts = `${what}: ${one} for ${small} files, ${other} for ${large}`;
        // A few more are no growth: the sizes of lists and of the log differ.
        assert.ok(other <= one + 5 || each <= (bounds[what] ?? 0), `${counts}, ${each} each`);
        assert.ok(other <= one * (large / small) + 5, `${counts}, more than in proportion`);
      }
    });
  }
});

test("slope: the counts see calls, statements and rows", missing, async () => {
  await withAtlas(async (atlas) => {
    atlas.write("a.csv", "x\n");
    const counts = await counted(async (wrap) => {
      const place = { folder: atlas.root, home: atlas.home, wrap };
      assert.equal((await say(place, "add", "a.csv")).code, 0);
    });
    assert.ok(counts.queries > 3 && counts.rows > 3 && counts.writes > 3, JSON.stringify(counts));
    assert.ok(counts.files["rename"]! >= 1 && counts.open["write"]! >= 1, JSON.stringify(counts));
    const { rows } = await counted(async (wrap) => {
      const place = { folder: atlas.root, home: atlas.home, wrap };
      assert.equal((await say(place, "list", "artifact", "--json")).code, 0);
    });
    assert.ok(rows > 0);
  });
});
