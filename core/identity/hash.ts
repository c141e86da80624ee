import type { Hashing } from "../../store/host/host.ts";
import { dumpJson } from "../python/json.ts";
import { compareCodePoints } from "../python/order.ts";
import { pythonStr } from "../python/str.ts";
import { isPythonDict, type PythonDict, type PythonValue } from "../python/value.ts";

/** LaminDB keeps this many characters of a hash: all of an MD5, five sixths of a SHA-1. */
const hashLength = 22;

/** A digest in the URL alphabet of base 64, cut to LaminDB's 22 characters (COMPAT §4.1). */
export function base64url22(digest: Uint8Array): string {
  return digest.toBase64({ alphabet: "base64url" }).slice(0, hashLength);
}

/**
 * LaminDB's hash of a text: MD5 of its UTF-8 (COMPAT §4.1); equals the hash of a small file with
 * that text.
 */
export function hashString(hashing: Hashing, text: string): string {
  return base64url22(md5(hashing, new TextEncoder().encode(text)));
}

/**
 * LaminDB's hash of a set of texts, as of a collection's artifact hashes; order and twins do not
 * matter (COMPAT §4.1).
 */
export function hashSet(hashing: Hashing, members: Iterable<string>): string {
  return hashString(hashing, [...new Set(members)].sort(compareCodePoints).join(":"));
}

/** LaminDB's hash of a dict: of its JSON with sorted keys, as Python writes it (COMPAT §4.1). */
export function hashDict(hashing: Hashing, dict: PythonDict): string {
  return hashString(hashing, dumpJson(dict, { sortKeys: true }));
}

/**
 * The `hash` of a row of JsonValue: a dict's JSON counts, of all else Python's `str` (COMPAT §4.1).
 */
export function hashJsonValue(hashing: Hashing, value: PythonValue): string {
  return isPythonDict(value) ? hashDict(hashing, value) : hashString(hashing, pythonStr(value));
}

/** The `_hash_type` of {@link hashFolder}. */
export const folderHashType = "md5-d";

/**
 * LaminDB's hash of a folder from the hashes of all files below it, in any order, twins included.
 * It says nothing of names: a folder's identity is its manifest (COMPAT §4.1).
 */
export function hashFolder(hashing: Hashing, fileHashes: Iterable<string>): string {
  const encoder = new TextEncoder();
  const all = hashing.create("md5");
  for (const hash of [...fileHashes].sort(compareCodePoints)) {
    all.update(md5(hashing, encoder.encode(hash)));
  }
  return base64url22(all.digest());
}

function md5(hashing: Hashing, bytes: Uint8Array): Uint8Array {
  const hasher = hashing.create("md5");
  hasher.update(bytes);
  return hasher.digest();
}
