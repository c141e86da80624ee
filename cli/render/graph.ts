import type { Paint } from "./paint.ts";

/** Something on a line of development: its lines of text, the first beside its dot. */
export interface GraphItem {
  /** Which line it is on: the name of a branch. */
  readonly lane: string;
  readonly lines: readonly string[];
}

/**
 * Items, newest first, beside a graph with a column for each lane. A lane begins at its newest item
 * and, below its oldest, joins the lane of the next older item, from which it came.
 */
export function renderGraph(items: readonly GraphItem[], trunk: string, paint: Paint): string {
  const graph = new Graph(items, trunk, paint);
  return items.flatMap((_, index) => graph.linesOf(index)).join("\n");
}

class Graph {
  readonly #lanes: readonly string[];
  /** Index of the oldest item of each lane. */
  readonly #oldest = new Map<string, number>();
  readonly #newest = new Map<string, number>();

  constructor(
    private readonly items: readonly GraphItem[],
    trunk: string,
    private readonly paint: Paint,
  ) {
    items.forEach(({ lane }, index) => {
      if (!this.#newest.has(lane)) this.#newest.set(lane, index);
      this.#oldest.set(lane, index);
    });
    const others = [...this.#newest.keys()].filter((lane) => lane !== trunk);
    this.#lanes = this.#newest.has(trunk) ? [trunk, ...others] : others;
  }

  linesOf(index: number): string[] {
    const { lane, lines } = this.items[index]!;
    const [first = "", ...rest] = lines;
    const isLast = index === this.#oldest.get(lane);
    const hasOlder = index + 1 < this.items.length;
    const text = [
      `${this.#columns(index, lane, this.paint.yellow("●"))}${first}`,
      ...rest.map((line) =>
        `${this.#columns(index, lane, isLast && !hasOlder ? " " : "│")}${line}`.trimEnd()
      ),
    ];
    return isLast && hasOlder ? [...text, this.#join(index, lane)] : text;
  }

  /** The columns beside an item; `own` stands in that of its lane. */
  #columns(index: number, own: string, mark: string): string {
    return this.#lanes.map((lane) => {
      if (lane === own) return `${mark} `;
      return this.#runsBeside(lane, index) ? "│ " : "  ";
    }).join("");
  }

  /** Whether a lane has items both above and below, or at, an item. */
  #runsBeside(lane: string, index: number): boolean {
    return this.#newest.get(lane)! < index && this.#oldest.get(lane)! > index;
  }

  /** The line in which a lane that ends joins that of the next older item. */
  #join(index: number, lane: string): string {
    const target = this.items[index + 1]!.lane;
    const columns = [this.#lanes.indexOf(lane), this.#lanes.indexOf(target)];
    const [left, right] = [Math.min(...columns), Math.max(...columns)];
    const isAbove = this.#newest.get(target)! < index;
    const isLeftward = columns[0] === right;
    return this.#lanes.map((one, column) => {
      const passes = this.#runsBeside(one, index);
      if (column < left || column > right) return passes ? "│ " : "  ";
      if (column === left) return isLeftward ? isAbove ? "├─" : "╭─" : "╰─";
      if (column === right) return isLeftward ? "╯ " : isAbove ? "┤ " : "╮ ";
      return passes ? "┼─" : "──";
    }).join("").trimEnd();
  }
}
