import { Tally } from "../../../core/diff/tally.ts";
import type { Change, ContentChange } from "../../../core/format/change.ts";
import type { DiffOptions, Source } from "../../../core/format/format.ts";
import { alignLines, editsMax } from "./align.ts";
import { type CommonLines, commonLines, countLines } from "./common_lines.ts";
import { cutHunk, hunks, type Stretch } from "./hunks.ts";
import { linesAfter, linesBefore, readLines } from "./lines.ts";

/** What of two texts is at most looked at line by line, between their common start and end. */
export interface TextLimits {
  /** Of either side. */
  readonly bytesMax: number;
  /** Of either side. */
  readonly linesMax: number;
  readonly editsMax: number;
}

const defaultLimits: TextLimits = { bytesMax: 32 * 1024 * 1024, linesMax: 1_000_000, editsMax };

/**
 * Hunks of changed lines and a summary. What differs is held in memory only up to `limits`; beyond
 * them one "unaligned" change says where it lies, and its lines are counted as all replaced.
 */
export async function* diffText(
  before: Source,
  after: Source,
  options: DiffOptions,
  limits: TextLimits = defaultLimits,
): AsyncGenerator<Change> {
  const tally = new Tally(["lines"], options.changesMax);
  const common = await commonLines(before, after);
  if (common !== null) {
    yield* differentLines({ before, after, common, tally, limits }, options.contextLines ?? 3);
  }
  yield tally.summary("text", before, after);
}

interface TextDiff {
  readonly before: Source;
  readonly after: Source;
  readonly common: CommonLines;
  readonly tally: Tally;
  readonly limits: TextLimits;
}

async function* differentLines(diff: TextDiff, context: number): AsyncGenerator<ContentChange> {
  const { before, after, common, tally, limits } = diff;
  const [endBefore, endAfter] = [before.size - common.endBytes, after.size - common.endBytes];
  const countBefore = await countLines(before, common.startBytes, endBefore);
  const countAfter = await countLines(after, common.startBytes, endAfter);
  const bytes = Math.max(endBefore, endAfter) - common.startBytes;
  if (bytes <= limits.bytesMax && Math.max(countBefore, countAfter) <= limits.linesMax) {
    const linesOfBefore = await readLines(before, common.startBytes, endBefore);
    const linesOfAfter = await readLines(after, common.startBytes, endAfter);
    const replacements = await alignLines(linesOfBefore, linesOfAfter, limits.editsMax);
    if (replacements !== null) {
      const stretch = { before: linesOfBefore, after: linesOfAfter, linesAbove: common.startLines };
      const around = await withContext(diff, stretch, context);
      for (const hunk of hunks(around.stretch, around.shift(replacements), context)) {
        yield* counted(hunk, tally);
      }
      return;
    }
  }
  yield* unaligned(diff, countBefore, countAfter);
}

/** The stretch with equal lines around it, and how to move replacements there. */
async function withContext({ before, common }: TextDiff, stretch: Stretch, context: number) {
  const above = await linesBefore(before, common.startBytes, context);
  const below = await linesAfter(before, before.size - common.endBytes, context);
  const by = above.length;
  return {
    stretch: {
      before: [...above, ...stretch.before, ...below],
      after: [...above, ...stretch.after, ...below],
      linesAbove: stretch.linesAbove - by,
    },
    shift: (replacements: Awaited<ReturnType<typeof alignLines>> & object) =>
      replacements.map((one) => ({
        before: one.before + by,
        beforeEnd: one.beforeEnd + by,
        after: one.after + by,
        afterEnd: one.afterEnd + by,
      })),
  };
}

function* counted(
  hunk: ContentChange & { kind: "lines" },
  tally: Tally,
): Generator<ContentChange> {
  const added = hunk.lines.filter((line) => line.sign === "+").length;
  const removed = hunk.lines.filter((line) => line.sign === "-").length;
  tally.add("lines", "added", added);
  tally.add("lines", "removed", removed);
  const shown = Math.min(tally.left, added + removed);
  if (shown > 0 || added + removed === 0) yield cutHunk(hunk, shown);
  if (shown > 0) tally.give(shown);
  if (shown < added + removed) tally.give(added + removed - shown);
}

function* unaligned(
  { common, tally }: TextDiff,
  removed: number,
  added: number,
): Generator<ContentChange> {
  tally.add("lines", "removed", removed);
  tally.add("lines", "added", added);
  tally.approximate();
  if (!tally.give()) return;
  const range = (count: number) => ({
    start: count === 0 ? common.startLines : common.startLines + 1,
    count,
  });
  yield { kind: "unaligned", before: range(removed), after: range(added) };
}
