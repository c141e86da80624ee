/** Rows named one by one before the rest is only counted. */
const namedMax = 10;

/** Collects what is odd about the rows of a delimited text. */
export class Remarks {
  readonly #ragged: string[] = [];
  #raggedCount = 0;
  #misquoted = 0;
  #rows = 0;

  /** Takes note of rows that have not `width` fields. */
  check(rows: readonly (readonly unknown[])[], width: number): void {
    for (const row of rows) {
      this.#rows++;
      if (row.length === width) continue;
      this.#raggedCount++;
      if (this.#raggedCount > namedMax) continue;
      const fields = row.length === 1 ? "1 field" : `${row.length} fields`;
      this.#ragged.push(`Row ${this.#rows} has ${fields} instead of ${width}.`);
    }
  }

  misquoted(count: number): void {
    this.#misquoted += count;
  }

  texts(): string[] {
    const texts = [...this.#ragged];
    const more = this.#raggedCount - this.#ragged.length;
    if (more > 0) texts.push(`${more} more rows have too many or too few fields.`);
    if (this.#misquoted > 0) {
      const rows = this.#misquoted === 1 ? "1 row has" : `${this.#misquoted} rows have`;
      texts.push(`${rows} a quoted cell with a quote in it that is not doubled.`);
    }
    return texts;
  }
}
