/**
 * Tells of each line of Python whether it begins inside a text in quotes of three signs, as
 * jupytext tells it, which looks at quotes and escapes alone.
 */
export class Quotes {
  #triple: string | undefined;

  /** Whether the next line begins inside a quoted text. */
  get isOpen(): boolean {
    return this.#triple !== undefined;
  }

  /** Takes the next line. */
  read(line: string): void {
    if (!this.isOpen && line.trimStart().startsWith("#")) return;
    let single: string | undefined;
    let tripleStart = -1;
    for (let index = 0; index < line.length; index++) {
      const sign = line[index]!;
      if (single === undefined && this.#triple === undefined && sign === "#") break;
      if ((sign !== '"' && sign !== "'") || line[index - 1] === "\\") continue;
      if (single !== undefined) {
        if (single === sign) single = undefined;
        continue;
      }
      const isTriple = index >= tripleStart + 3 && index >= 2 &&
        line.slice(index - 2, index + 1) === sign.repeat(3);
      if (isTriple && (this.#triple === sign || this.#triple === undefined)) {
        this.#triple = this.#triple === sign ? undefined : sign;
        tripleStart = index;
      } else if (!isTriple && this.#triple === undefined) single = sign;
    }
  }
}
