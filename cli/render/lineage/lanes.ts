/** A row of a graph: the line that joins what a node comes from, if one is needed, and its own. */
export interface LaneRow {
  readonly join: string | undefined;
  /** What stands before and behind the mark of the node. */
  readonly before: string;
  readonly after: string;
}

/**
 * Draws a graph with one row for each node, in an order in which what a node comes from is above
 * it. From each node a lane goes down to the last one that comes from it, so that there are as many
 * lanes as there is data in use at that place, however many edges there are.
 */
export class Lanes {
  /** Which node each lane comes from. */
  readonly #lanes: (string | undefined)[] = [];
  /** How many nodes below come from each node. */
  readonly #left: Map<string, number>;

  /** `targets` has for each node how many come from it below. */
  constructor(targets: ReadonlyMap<string, number>) {
    this.#left = new Map(targets);
  }

  /** The row of the next node; `sources` are those above that it comes from, each once. */
  row(name: string, sources: readonly string[]): LaneRow {
    const inputs = new Set(sources.map((source) => this.#lanes.indexOf(source)));
    const ends = new Set<number>();
    for (const source of sources) {
      const left = this.#left.get(source)! - 1;
      this.#left.set(source, left);
      if (left === 0) ends.add(this.#lanes.indexOf(source));
    }
    const own = ends.size > 0 ? Math.min(...ends) : this.#free();
    const isStraight = inputs.size === 0 || (inputs.size === 1 && ends.has(own));
    const join = isStraight ? undefined : this.#joinOf(inputs, ends, own);
    for (const lane of ends) this.#lanes[lane] = undefined;
    this.#lanes[own] = name;
    const [before, after] = [this.#cells(0, own), this.#cells(own + 1, this.#lanes.length)];
    if ((this.#left.get(name) ?? 0) === 0) this.#lanes[own] = undefined;
    while (this.#lanes.length > 0 && this.#lanes.at(-1) === undefined) this.#lanes.pop();
    return { join, before, after: ` ${after}`.trimEnd() };
  }

  #free(): number {
    const free = this.#lanes.indexOf(undefined);
    return free < 0 ? this.#lanes.length : free;
  }

  #cells(from: number, to: number): string {
    return Array.from(
      { length: to - from },
      (_, index) => this.#lanes[from + index] === undefined ? "  " : "│ ",
    ).join("");
  }

  #joinOf(inputs: ReadonlySet<number>, ends: ReadonlySet<number>, own: number): string {
    const columns = [...inputs, own];
    const [first, last] = [Math.min(...columns), Math.max(...columns)];
    const length = Math.max(this.#lanes.length, last + 1);
    return Array.from({ length }, (_, lane) => {
      const isBetween = lane > first && lane < last;
      if (!inputs.has(lane) && lane !== own) {
        const isUsed = this.#lanes[lane] !== undefined;
        return (isUsed ? "│" : isBetween ? "─" : " ") + (isBetween ? "─" : " ");
      }
      const up = inputs.has(lane);
      const down = lane === own || (up && !ends.has(lane));
      return corner(up, down, lane > first, lane < last) + (lane < last ? "─" : " ");
    }).join("").trimEnd();
  }
}

/** The line that goes in these directions, of which one at least is left or right. */
function corner(up: boolean, down: boolean, left: boolean, right: boolean): string {
  const sides = left ? right ? "both" : "left" : "right";
  if (up && down) return { both: "┼", left: "┤", right: "├" }[sides];
  return up
    ? { both: "┴", left: "╯", right: "╰" }[sides]
    : { both: "┬", left: "╮", right: "╭" }[sides];
}
