import type { Hashing } from "../../store/host/host.ts";
import { hex } from "../identity/hex.ts";
import type { CanonicalValue } from "./canonical_value.ts";

/** What a table holds, whichever engine it is in: equal only when all rows are. */
export interface TableSum {
  readonly rows: number;
  /** Of the canonical rows in the order of their ids, in hexadecimal digits. */
  readonly sha256: string;
}

/** Characters of rows that are hashed together. */
const pieceLength = 64 * 1024;

const encoder = new TextEncoder();

/** Sums up rows that come in the order of their ids. */
export class TableDigest {
  readonly #hasher;
  #pending = "";
  #rows = 0;

  constructor(hashing: Hashing) {
    this.#hasher = hashing.create("sha256");
  }

  add(values: readonly CanonicalValue[]): void {
    this.#rows++;
    this.#pending += JSON.stringify(values) + "\n";
    if (this.#pending.length > pieceLength) this.#flush();
  }

  end(): TableSum {
    this.#flush();
    return { rows: this.#rows, sha256: hex(this.#hasher.digest()) };
  }

  #flush(): void {
    this.#hasher.update(encoder.encode(this.#pending));
    this.#pending = "";
  }
}
