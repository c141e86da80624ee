import type { Line, Lines } from "../../../core/format/change.ts";
import type { Replacement } from "./align.ts";
import { shownLine } from "./lines.ts";

/** Lines of both sides and what stands before them in the file. */
export interface Stretch {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Equal lines of both files before the stretch. */
  readonly linesAbove: number;
}

/** Most lines of one hunk; longer ones come in several, without equal lines between. */
const hunkLinesMax = 1000;

/** Hunks for replacements in the order of the lines, with up to `context` equal lines around. */
export function* hunks(
  stretch: Stretch,
  replacements: readonly Replacement[],
  context: number,
): Generator<Lines> {
  for (let first = 0; first < replacements.length;) {
    let last = first;
    while (isNear(replacements[last]!, replacements[last + 1], context)) last++;
    yield* hunk(stretch, replacements.slice(first, last + 1), context);
    first = last + 1;
  }
}

function isNear(one: Replacement, next: Replacement | undefined, context: number): boolean {
  return next !== undefined && next.before - one.beforeEnd <= 2 * context;
}

function* hunk(
  stretch: Stretch,
  replacements: readonly Replacement[],
  context: number,
): Generator<Lines> {
  const { before, after } = stretch;
  const start = Math.min(context, replacements[0]!.before);
  let i = replacements[0]!.before - start;
  const piece = new Piece(stretch, i, replacements[0]!.after - start);
  for (const replacement of replacements) {
    for (; i < replacement.before; i++) yield* piece.add(shownLine(" ", before[i]!));
    for (; i < replacement.beforeEnd; i++) yield* piece.add(shownLine("-", before[i]!));
    for (let j = replacement.after; j < replacement.afterEnd; j++) {
      yield* piece.add(shownLine("+", after[j]!));
    }
  }
  const end = Math.min(i + context, before.length);
  for (; i < end; i++) yield* piece.add(shownLine(" ", before[i]!));
  yield* piece.finish();
}

/** The hunk under way. */
class Piece {
  #lines: Line[] = [];

  constructor(
    private readonly stretch: Stretch,
    private before: number,
    private after: number,
  ) {}

  *add(line: Line): Generator<Lines> {
    if (this.#lines.length === hunkLinesMax) yield* this.finish();
    this.#lines.push(line);
  }

  *finish(): Generator<Lines> {
    if (this.#lines.length === 0) return;
    const above = this.stretch.linesAbove;
    const hunk = madeHunk(this.#lines, above + this.before, above + this.after);
    this.before += hunk.before.count;
    this.after += hunk.after.count;
    this.#lines = [];
    yield hunk;
  }
}

/** The hunk of some lines that stand after so many lines of each file. */
function madeHunk(lines: readonly Line[], above: number, aboveAfter: number): Lines {
  const before = lines.filter((line) => line.sign !== "+").length;
  const after = lines.filter((line) => line.sign !== "-").length;
  return {
    kind: "lines",
    before: { start: before === 0 ? above : above + 1, count: before },
    after: { start: after === 0 ? aboveAfter : aboveAfter + 1, count: after },
    lines,
  };
}

/** The start of a hunk with at most `changesMax` changed lines. */
export function cutHunk(hunk: Lines, changesMax: number): Lines {
  let left = changesMax;
  const end = hunk.lines.findIndex((line) => line.sign !== " " && left-- === 0);
  if (end < 0) return hunk;
  const above = (range: Lines["before"]) => range.count === 0 ? range.start : range.start - 1;
  return madeHunk(hunk.lines.slice(0, end), above(hunk.before), above(hunk.after));
}
