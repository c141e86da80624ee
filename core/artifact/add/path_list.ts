import { packTexts, unpackTexts } from "./packed_texts.ts";

/** What a command is given, in its order; of a list there may be a million. */
export type PathList = Iterable<string> & { readonly length: number };

/** How many are packed together. */
const pieceLength = 1000;

/** Paths of a long list, in as little memory as they need. */
export class PackedPaths implements PathList {
  readonly #pieces: string[] = [];
  #recent: string[] = [];

  /** `separator` is what no path of the list has. */
  constructor(private readonly separator: string) {}

  get length(): number {
    return this.#pieces.length * pieceLength + this.#recent.length;
  }

  push(path: string): void {
    if (this.#recent.push(path) < pieceLength) return;
    this.#pieces.push(packTexts(this.#recent, this.separator));
    this.#recent = [];
  }

  *[Symbol.iterator](): Iterator<string> {
    for (const piece of this.#pieces) yield* unpackTexts(piece, this.separator);
    yield* this.#recent;
  }
}
