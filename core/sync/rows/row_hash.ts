import type { Hashing } from "../../../store/host/host.ts";

/** Digits of a SHA-256 that stand for values of a row: 80 bits. */
export const digitsKept = 20;

/** Values of a row, or what stands for them, in an order of columns. */
export type HashedValues = readonly (string | number | null)[];

/** Hashes values, or the JSON of them as it is, to a short text of hexadecimal digits. */
export type RowHash = (values: HashedValues | string) => string;

export function rowHash(hashing: Hashing): RowHash {
  return (values) => {
    const text = typeof values === "string" ? values : JSON.stringify(values);
    return hashing.textSha256(text).slice(0, digitsKept);
  };
}

/** What stands for a row that has a uid: that, as a table never has two of the same. */
export function identityOfUid(uid: string): string {
  return uid;
}
