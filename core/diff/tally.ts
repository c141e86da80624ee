import type { Source } from "../format/format.ts";
import type { Count, Summary } from "../format/change.ts";

/** Counts every change, and says which may still be given one by one. */
export class Tally {
  readonly #counts = new Map<string, { -readonly [K in keyof Count]: Count[K] }>();
  #hidden = 0;
  #left: number;
  #approximate = false;
  #reordered = false;

  /** `kinds` come first in the summary, in that order, also where nothing changed. */
  constructor(kinds: readonly Count["of"][], changesMax = Infinity) {
    this.#left = changesMax;
    for (const of of kinds) this.#count(of);
  }

  add(of: Count["of"], how: "added" | "removed" | "changed" | "renamed", by = 1): void {
    const count = this.#count(of);
    count[how] = (count[how] ?? 0) + by;
  }

  /**
   * Takes one change, which stands for `weight` things; false when it is not to be given any more.
   */
  give(weight = 1): boolean {
    if (this.#left >= weight) {
      this.#left -= weight;
      return true;
    }
    this.#left = 0;
    this.#hidden += weight;
    return false;
  }

  /** How many more changes may be given. */
  get left(): number {
    return this.#left;
  }

  /** Records that counts are upper bounds. */
  approximate(): void {
    this.#approximate = true;
  }

  /** Records a difference that is none of the counted things, such as their order. */
  differs(): void {
    this.#reordered = true;
  }

  summary(format: string, before: Pick<Source, "size">, after: Pick<Source, "size">): Summary {
    const counts = [...this.#counts.values()];
    const total = counts.reduce(
      (sum, one) => sum + one.added + one.removed + one.changed + (one.renamed ?? 0),
      0,
    );
    return {
      kind: "summary",
      format,
      same: total === 0 && !this.#reordered,
      counts,
      ...(this.#approximate ? { approximate: true } : {}),
      hidden: this.#hidden,
      size: { before: before.size, after: after.size },
    };
  }

  #count(of: Count["of"]) {
    let count = this.#counts.get(of);
    if (count === undefined) {
      this.#counts.set(of, count = { of, added: 0, removed: 0, changed: 0 });
    }
    return count;
  }
}
