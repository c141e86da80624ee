/** MD5 of bytes; handed in, since the runtime's hashing loads asynchronously. */
export type Digest = (bytes: Uint8Array) => Uint8Array;

/** The longest name that an engine takes; Django assumes 200 where there is no limit. */
const longest = { sqlite: 200, postgres: 63 } as const;

/** Names indexes and constraints of one engine as Django's schema editor does. */
export class DjangoNames {
  readonly #encoder = new TextEncoder();
  readonly #longest: number;

  constructor(engine: keyof typeof longest, private readonly md5: Digest) {
    this.#longest = longest[engine];
  }

  /** `<table>_<columns>_<8 hex digits of md5 over table and columns><suffix>`, shortened to fit. */
  of(table: string, columns: readonly string[], suffix = ""): string {
    const ending = this.#eightDigits(table + columns.join("")) + suffix;
    const joined = columns.join("_");
    const name = `${table}_${joined}_${ending}`;
    if (name.length <= this.#longest) return name;
    const shortEnding = ending.slice(0, Math.floor(this.#longest / 3));
    const room = Math.floor((this.#longest - shortEnding.length) / 2) - 1;
    return `${table.slice(0, room)}_${joined.slice(0, room)}_${shortEnding}`;
  }

  #eightDigits(text: string): string {
    const digest = this.md5(this.#encoder.encode(text)).subarray(0, 4);
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}
