import { LaminError } from "../../store/errors.ts";
import type { Hashing, Host } from "../../store/host/host.ts";
import { base62, base62Digits, isBase62, randomBase62 } from "./base62.ts";

/** Characters of a version suffix. */
const suffixLength = 4;

/** The suffix of the first version of a family. */
export const firstVersionSuffix = "0000";

interface UidShape {
  readonly random: number;
  readonly versioned?: true;
}

/**
 * COMPAT §3.1. `Block` stands for the note table of every registry, `Term` for all of bionty but
 * Source.
 */
const shapes = {
  Artifact: { random: 16, versioned: true },
  Collection: { random: 16, versioned: true },
  Block: { random: 16, versioned: true },
  Transform: { random: 12, versioned: true },
  Run: { random: 16 },
  Record: { random: 16 },
  Schema: { random: 16 },
  Feature: { random: 12 },
  Project: { random: 12 },
  Reference: { random: 12 },
  Storage: { random: 12 },
  Space: { random: 12 },
  Branch: { random: 12 },
  ULabel: { random: 8 },
  Source: { random: 8 },
  Term: { random: 14 },
} as const satisfies Record<string, UidShape>;

/** What a new uid can be for; the names are LaminDB's classes (COMPAT §3.1). */
export type UidKind = keyof typeof shapes;

/** Full length of the uids that {@link newUid} gives for `kind`. */
export function uidLength(kind: UidKind): number {
  const shape: UidShape = shapes[kind];
  return shape.random + (shape.versioned ? suffixLength : 0);
}

/**
 * A fresh uid of `kind`: random base 62, with `0000` behind it where the kind has versions (COMPAT
 * §3.1).
 */
export function newUid(host: Pick<Host, "randomBytes">, kind: UidKind): string {
  const shape: UidShape = shapes[kind];
  return randomBase62(host, shape.random) + (shape.versioned ? firstVersionSuffix : "");
}

/** What the versions of one thing share: the uid of a versioned kind without its suffix. */
export function stemUid(uid: string): string {
  return uid.slice(0, -suffixLength);
}

/** The last four characters of the uid of a versioned kind. */
export function versionSuffix(uid: string): string {
  return uid.slice(-suffixLength);
}

/**
 * The uid of the next version of a family: one more than its largest suffix (COMPAT §3.3).
 * `familyUids` are the uids of all its versions on all branches, the trash included, and of those
 * that were deleted (core/version/deleted_uids.ts), in any order.
 *
 * @throws LaminError "damaged" when they are none, no uids or of several families, "conflict" after
 * `zzzz`.
 */
export function nextVersionUid(familyUids: Iterable<string>): string {
  let latest: string | undefined;
  for (const uid of familyUids) {
    if (uid.length <= suffixLength || !isBase62(uid)) throw notOneFamily(uid);
    if (
      latest !== undefined && (stemUid(uid) !== stemUid(latest) || uid.length !== latest.length)
    ) {
      throw notOneFamily(uid);
    }
    // The digits ascend in ASCII too, so comparing the texts compares the numbers.
    if (latest === undefined || uid > latest) latest = uid;
  }
  if (latest === undefined) throw notOneFamily("");
  return stemUid(latest) + successor(versionSuffix(latest), latest);
}

function successor(suffix: string, uid: string): string {
  const trailing = /z*$/.exec(suffix)![0].length;
  const position = suffix.length - trailing - 1;
  if (position < 0) {
    throw new LaminError("conflict", `The family of ${uid} has no version number left.`, {
      hint: "Add the content under another key.",
      data: { uid },
    });
  }
  const digit = base62Digits[base62Digits.indexOf(suffix[position]!) + 1];
  return suffix.slice(0, position) + digit + "0".repeat(trailing);
}

function notOneFamily(uid: string): LaminError {
  return new LaminError("damaged", "The versions of one family do not have uids of one stem.", {
    data: { uid },
  });
}

/**
 * The uid that follows from a text: the first `length` digits of base 62 over its MD5. bionty's
 * terms have 14 and its sources 8 (COMPAT §11.2).
 */
export function derivedUid(hashing: Hashing, text: string, length: number): string {
  const hasher = hashing.create("md5");
  hasher.update(new TextEncoder().encode(text));
  return base62(hasher.digest()).slice(0, length);
}
