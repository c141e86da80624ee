import type { Hashing } from "../../store/host/host.ts";
import { namedUuid } from "./named_uuid.ts";
import { derivedUid } from "./uid.ts";

/**
 * The id of a new instance as 32 hexadecimal digits: the UUID of version 5 of its slug `owner/name`
 * in the URL namespace (COMPAT §1.4). An existing instance keeps the id that it stores.
 */
export function instanceId(hashing: Hashing, slug: string): string {
  return namedUuid(hashing, slug);
}

/**
 * The 12-character uid of the instance with this id, `idHex` being 32 lower-case hexadecimal digits
 * (COMPAT §1.4).
 */
export function instanceUid(hashing: Hashing, idHex: string): string {
  return derivedUid(hashing, idHex, 12);
}
