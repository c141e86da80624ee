/** Lines `[before, beforeEnd)` that became the lines `[after, afterEnd)`; either may be empty. */
export interface Replacement {
  readonly before: number;
  readonly beforeEnd: number;
  readonly after: number;
  readonly afterEnd: number;
}

/**
 * Most insertions and deletions among the lines that both sides have. The time grows with its
 * square: about a second on one core at this limit.
 */
export const editsMax = 4000;

/**
 * A way from one list of lines to the other that replaces few of them, in order; null when that
 * takes more than `limit` edits. Lines that only one side has are settled first and cost nothing,
 * so that a text that was wholly rewritten is no trouble.
 */
export async function alignLines(
  before: readonly string[],
  after: readonly string[],
  limit = editsMax,
): Promise<Replacement[] | null> {
  const { diffArrays } = await import("diff");
  const [a, b] = sharedLines(before, after);
  const steps = diffArrays(a.lines, b.lines, { maxEditLength: limit });
  if (steps === undefined) return null;
  const replacements: Replacement[] = [];
  let i = 0;
  let j = 0;
  const upTo = (before: number, after: number) => {
    if (before > i || after > j) {
      replacements.push({ before: i, beforeEnd: before, after: j, afterEnd: after });
    }
    [i, j] = [before + 1, after + 1];
  };
  let x = 0;
  let y = 0;
  for (const { count, added, removed } of steps) {
    if (removed) x += count;
    else if (added) y += count;
    else for (let n = 0; n < count; n++) upTo(a.indexes[x++]!, b.indexes[y++]!);
  }
  upTo(before.length, after.length);
  return replacements;
}

interface SharedLines {
  /** Equal numbers stand for equal lines. */
  readonly lines: number[];
  /** Where each of them stands among all lines. */
  readonly indexes: number[];
}

/** The lines of each side that the other side has too. */
function sharedLines(
  before: readonly string[],
  after: readonly string[],
): [SharedLines, SharedLines] {
  const inBefore = new Map<string, number>();
  for (const line of before) if (!inBefore.has(line)) inBefore.set(line, inBefore.size);
  const inAfter = new Set(after);
  const pick = (all: readonly string[], isShared: (line: string) => boolean): SharedLines => {
    const shared: SharedLines = { lines: [], indexes: [] };
    all.forEach((line, index) => {
      if (!isShared(line)) return;
      shared.lines.push(inBefore.get(line)!);
      shared.indexes.push(index);
    });
    return shared;
  };
  return [
    pick(before, (line) => inAfter.has(line)),
    pick(after, (line) => inBefore.has(line)),
  ];
}
