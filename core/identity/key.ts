import { LaminError } from "../../store/errors.ts";
import type { SafePath } from "../../store/work_tree.ts";
import { escapeForTerminal } from "../text/escape.ts";
import { reservedName } from "./reserved_name.ts";

declare const keyBrand: unique symbol;

/**
 * A text that may stand in the `key` column of an artifact or transform. Says nothing about writing
 * a file.
 */
export type ArtifactKey = string & { readonly [keyBrand]: true };

/**
 * A path with `/` below a folder of the user, safe to join to that folder and write to on every
 * system.
 */
export type RelativePath = ArtifactKey & SafePath;

/** Length of the column, in code points as both databases and Python count. */
const keyLengthMax = 1024;
/** What the common file systems take, in UTF-8. */
const segmentBytesMax = 255;

/** The part that is at fault and what is wrong with it. */
interface Fault {
  readonly part: string;
  readonly reason: string;
}

/**
 * The text as a key that can be registered, by LaminDB's rules (COMPAT §5.1) and without what no
 * terminal or database should be given. A leading `/` or an empty segment passes, as in LaminDB.
 *
 * @throws LaminError "usage" that names the part at fault, escaped.
 */
export function parseKey(text: string): ArtifactKey {
  const fault = keyFault(text);
  if (fault === null) return text as ArtifactKey;
  throw refusal("usage", "cannot be used as a key", "Choose another key with --key.", text, fault);
}

/**
 * The text as a path that may be written below a folder of the user. Everything that writes there
 * must have its path from here, whatever promised before that it is safe: rows come from strangers.
 * The rules are those of all systems together, so that what one person adds another can get.
 *
 * @throws LaminError "denied" that names the part at fault, escaped.
 */
export function parseRelativePath(text: string): RelativePath {
  const fault = keyFault(text) ?? pathFault(text);
  if (fault === null) return text as RelativePath;
  throw refusal("denied", "is not written", "Get it under another name.", text, fault);
}

/** Why {@link parseKey} refuses a text; null for one that can be a key. */
export function whyNoKey(text: string): string | null {
  return keyFault(text)?.reason ?? null;
}

/** Why {@link parseRelativePath} refuses a text; null for one that may be written. */
export function whyNotWritten(text: string): string | null {
  return (keyFault(text) ?? pathFault(text))?.reason ?? null;
}

/** A segment of plain letters, which begins and ends as any may and is no device of Windows. */
const plainSegment = String
  .raw`(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:[./]|$))[\w-](?:[\w.-]*[\w-])?`;

/** Nearly all texts: they break none of the rules below, which cost ten times as much. */
const plainText = new RegExp(`^${plainSegment}(?:/${plainSegment})*$`, "i");

function isPlain(text: string): boolean {
  return text.length <= segmentBytesMax && plainText.test(text);
}

const ownFolder = ".lamindb/";

function keyFault(text: string): Fault | null {
  const fault = isPlain(text) ? null : spellingFault(text);
  if (fault !== null || !text.includes(ownFolder)) return fault;
  return { part: ownFolder, reason: "the folder .lamindb belongs to the instance" };
}

function spellingFault(text: string): Fault | null {
  if (text === "") return { part: text, reason: "it is empty" };
  if (text.length > keyLengthMax && [...text].length > keyLengthMax) {
    return { part: text, reason: `it is longer than ${keyLengthMax} characters` };
  }
  if (!text.isWellFormed()) return { part: text, reason: "it is not valid Unicode" };
  const control = /\p{Cc}/u.exec(text);
  if (control !== null) return { part: control[0], reason: "it has a control character" };
  if (text.includes("\\")) return { part: "\\", reason: "it has a backslash" };
  const dots = text.split("/").find((segment) => segment === "." || segment === "..");
  if (dots !== undefined) return { part: dots, reason: "a segment is . or .." };
  return null;
}

function pathFault(text: string): Fault | null {
  if (isPlain(text)) return null;
  if (text.startsWith("/")) return { part: "/", reason: "it is absolute" };
  const encoder = new TextEncoder();
  for (const segment of text.split("/")) {
    if (segment === "") return { part: text, reason: "a segment is empty" };
    const mayBeLong = segment.length * 3 > segmentBytesMax; // a unit has up to three bytes
    if (mayBeLong && encoder.encode(segment).length > segmentBytesMax) {
      return { part: segment, reason: `a segment is longer than ${segmentBytesMax} bytes` };
    }
    const reason = segment.includes(":")
      ? "a colon names a drive or a stream on Windows"
      : reservedName(segment);
    if (reason !== null) return { part: segment, reason };
  }
  return null;
}

/** Longer texts are cut in messages. */
const shownLengthMax = 80;

function shown(text: string): string {
  const characters = [...text];
  const cut = characters.length > shownLengthMax;
  return escapeForTerminal(cut ? `${characters.slice(0, shownLengthMax).join("")}…` : text);
}

function refusal(
  code: "usage" | "denied",
  verdict: string,
  hint: string,
  text: string,
  { part, reason }: Fault,
): LaminError {
  const where = part === text ? "" : ` ("${shown(part)}")`;
  return new LaminError(code, `"${shown(text)}" ${verdict}: ${reason}${where}.`, {
    hint,
    data: { key: escapeForTerminal(text), part: escapeForTerminal(part), reason },
  });
}
