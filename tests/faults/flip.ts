import type { FaultyCalls } from "./fault.ts";

/** Turns one bit of some bytes round. */
export function flip(bytes: Uint8Array, calls: FaultyCalls): void {
  if (bytes.length === 0) return;
  const bit = calls.choose(bytes.length * 8);
  bytes[bit >> 3]! ^= 1 << (bit & 7);
}
