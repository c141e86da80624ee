import type { Format } from "../../core/format/format.ts";
import { strayBytes, unfinishedBytes } from "./utf8.ts";

/** Lines of text in UTF-8 or an encoding like it. */
export const text: Format = {
  name: "text",
  hasKeys: false,
  sniff: (head) => looksLikeText(head),
  async describe(source) {
    const { describeText } = await import("./text/describe.ts");
    return await describeText(source);
  },
  async head(source, count) {
    const { firstLines } = await import("./text/first_lines.ts");
    return { kind: "lines", lines: await firstLines(source, count) };
  },
  async *diff(before, after, options) {
    const { diffText } = await import("./text/diff.ts");
    yield* diffText(before, after, options);
  },
};

/**
 * Most bytes of all that may be no UTF-8: text in Latin-1 has few of them, compressed data many.
 */
const strayBytesMax = 0.1;

/** True for bytes without NUL that are nearly all UTF-8; a character cut at the end is fine. */
export function looksLikeText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  const whole = head.subarray(0, head.length - unfinishedBytes(head));
  return strayBytes(whole) <= whole.length * strayBytesMax;
}
