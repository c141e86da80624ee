/** Cells that pandas reads as missing. */
const missing = new Set([
  "",
  "#N/A",
  "#N/A N/A",
  "#NA",
  "-1.#IND",
  "-1.#QNAN",
  "-NaN",
  "-nan",
  "1.#IND",
  "1.#QNAN",
  "<NA>",
  "N/A",
  "NA",
  "NULL",
  "NaN",
  "None",
  "n/a",
  "nan",
  "null",
]);

/** What text can be, narrowest first; names as Arrow prints them. */
const types = [
  { type: "bool", pattern: /^(?:true|false)$/i },
  { type: "int64", pattern: /^[+-]?[0-9]{1,18}$/ },
  {
    type: "double",
    pattern: /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?$|^[+-]?inf$/i,
  },
  { type: "date32[day]", pattern: /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$/ },
] as const;

/** Finds the narrowest type that all cells of a column have. */
export class TypeGuess {
  #possible = types.map(({ pattern }) => pattern as RegExp | null);
  #values = 0;
  nulls = 0;

  add(cell: string | null | undefined): void {
    if (cell === null || cell === undefined || missing.has(cell)) {
      this.nulls++;
      return;
    }
    this.#values++;
    for (let index = 0; index < types.length; index++) {
      const pattern = this.#possible[index]!;
      if (pattern !== null && !pattern.test(cell)) this.#possible[index] = null;
    }
  }

  /** "null" for a column without values. */
  get type(): string {
    if (this.#values === 0) return "null";
    const index = this.#possible.findIndex((pattern) => pattern !== null);
    return types[index]?.type ?? "string";
  }
}
