import type { LaminError } from "../../../store/errors.ts";
import { packTexts, unpackTexts } from "./packed_texts.ts";

/** How many keys in order are packed together. */
const packedLength = 1000;

/**
 * Sources that are named twice count once; two files under one key are an error. Keys that come in
 * ascending order, as those of a sorted list, differ by that alone, and are kept as text until one
 * comes out of order: of a million a map takes some hundred bytes each.
 */
export class UniqueSources {
  /** What stands before the key in the paths of all that came in order. */
  #start: string | undefined;
  #lastKey = "";
  #recent: string[] = [];
  readonly #packed: string[] = [];
  /** What stands before each key in its path, once one was out of order. */
  #starts: Map<string, string> | undefined;
  #lastStart = "";
  readonly #keyless = new Set<string>();

  /** `clash` is what to throw when two paths would get one key. */
  constructor(private readonly clash: (key: string, one: string, other: string) => LaminError) {}

  /** Whether this one is new. Throws what `clash` gives when another path has the key. */
  admits(path: string, key: string | null): boolean {
    if (key === null) {
      const isNew = !this.#keyless.has(path);
      this.#keyless.add(path);
      return isNew;
    }
    const start = this.#startOf(path, key);
    if (this.#isInOrder(start, key)) {
      this.#lastKey = key;
      this.#recent.push(key);
      if (this.#recent.length === packedLength) this.#pack();
      return true;
    }
    return this.#isNew(path, key, start);
  }

  /** One text for all paths that begin alike. */
  #startOf(path: string, key: string): string {
    const last = this.#lastStart;
    const isLikely = last.endsWith("/") && path.length === last.length + key.length;
    if (isLikely && path.startsWith(last) && path.endsWith(key)) return last;
    return this.#lastStart = path.endsWith(`/${key}`) ? path.slice(0, -key.length) : path;
  }

  #isInOrder(start: string, key: string): boolean {
    if (this.#starts !== undefined) return false;
    this.#start ??= start;
    return start === this.#start && key > this.#lastKey;
  }

  #pack(): void {
    this.#packed.push(packTexts(this.#recent));
    this.#recent = [];
  }

  #isNew(path: string, key: string, start: string): boolean {
    const starts = this.#starts ??= this.#all();
    const other = starts.get(key);
    if (other === undefined) starts.set(key, start);
    else if (other !== start) {
      throw this.clash(key, other.endsWith("/") ? other + key : other, path);
    }
    return other === undefined;
  }

  #all(): Map<string, string> {
    if (this.#recent.length > 0) this.#pack();
    const keys = this.#packed.splice(0).flatMap((some) => unpackTexts(some));
    return new Map(keys.map((key) => [key, this.#start!]));
  }
}
