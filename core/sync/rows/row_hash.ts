import type { Hashing } from "../../../store/host/host.ts";
import { hex } from "../../identity/hex.ts";

/** Bytes of a SHA-256 that stand for a row: nobody can make two rows with the same 80 bits. */
const bytesKept = 10;

const encoder = new TextEncoder();

/** Values of a row, or what stands for them, in an order of columns. */
export type HashedValues = readonly (string | number | null)[];

/** Hashes values to a short text of hexadecimal digits. */
export type RowHash = (values: HashedValues) => string;

export function rowHash(hashing: Hashing): RowHash {
  return (values) =>
    hex(
      hashing.digest("sha256", encoder.encode(JSON.stringify(values))).subarray(0, bytesKept),
    );
}
