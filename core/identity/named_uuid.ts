import type { Hashing } from "../../store/host/host.ts";
import { hex } from "./hex.ts";

/** RFC 9562's namespace for names that are URLs, 6ba7b811-9dad-11d1-80b4-00c04fd430c8. */
const urlNamespace = Uint8Array.of(
  ...[0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1],
  ...[0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8],
);

/**
 * The UUID of version 5 of a name in the URL namespace, as 32 hexadecimal digits: the same for the
 * same name everywhere.
 */
export function namedUuid(hashing: Hashing, name: string): string {
  const hasher = hashing.create("sha1");
  hasher.update(urlNamespace);
  hasher.update(new TextEncoder().encode(name));
  const uuid = Uint8Array.from(hasher.digest().subarray(0, 16));
  uuid[6] = (uuid[6]! & 0x0f) | 0x50; // version 5
  uuid[8] = (uuid[8]! & 0x3f) | 0x80; // variant of RFC 9562
  return hex(uuid);
}

/** A UUID of 32 digits as it is usually written, in five groups. */
export function groupedUuid(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
