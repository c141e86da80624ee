/** Contents that say themselves what they are, so that any reader can tell a wrong byte. */

import { createHash } from "node:crypto";
import { random } from "../seed.ts";

const encoder = new TextEncoder();

/** Larger than what is held in memory while it is added. */
const largeBytes = 4 * 1024 * 1024 + 77;

/** The bytes that belong to a label: the label in a line, then filler that follows from it. */
export function contentOf(label: string): Uint8Array {
  const head = encoder.encode(`${label}\n`);
  const size = label.endsWith(".large") ? largeBytes : 40 + (label.length * 977) % 6000;
  const bytes = new Uint8Array(head.length + size);
  const next = random(hashOf(label));
  bytes.set(head);
  for (let at = head.length; at < bytes.length; at++) bytes[at] = 32 + Math.trunc(next() * 90);
  return bytes;
}

/** Whether bytes are, to the last one, what their first line says. */
export function isWhole(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(10);
  if (end < 0) return false;
  const wanted = contentOf(new TextDecoder().decode(bytes.subarray(0, end)));
  return wanted.length === bytes.length && wanted.every((byte, at) => byte === bytes[at]);
}

/** The SHA-256 of a label's bytes. */
export function sha256Of(label: string): string {
  return createHash("sha256").update(contentOf(label)).digest("hex");
}

/** The SHA-256 of the manifest of a folder, given as labels by path. */
export function folderSha256(files: Readonly<Record<string, string>>): string {
  const lines = Object.entries(files).toSorted(([a], [b]) => a < b ? -1 : 1).map(
    ([path, label]) => `${sha256Of(label)} ${contentOf(label).length} ${path}\n`,
  );
  return createHash("sha256").update(lines.join("")).digest("hex");
}

function hashOf(text: string): number {
  let hash = 17;
  for (const character of text) hash = (hash * 31 + character.codePointAt(0)!) >>> 0;
  return hash;
}
