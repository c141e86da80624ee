import type { Line } from "../../../core/format/change.ts";
import type { Source } from "../../../core/format/format.ts";
import { decodeUtf8 } from "../utf8.ts";

/** The lines of a text, each with its line feed; the last one may have none. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start) + 1 || text.length;
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}

export async function readLines(source: Source, start: number, end: number): Promise<string[]> {
  return splitLines(decodeUtf8(await source.read(start, end - start)));
}

/** A line as changes show it. */
export function shownLine(sign: Line["sign"], line: string): Line {
  return line.endsWith("\n")
    ? { sign, text: line.slice(0, -1) }
    : { sign, text: line, unended: true };
}

/** How far to look for the equal lines around a difference. */
const contextBytes = 64 * 1024;

/** At most `count` whole lines that end at `offset`. */
export async function linesBefore(
  source: Source,
  offset: number,
  count: number,
): Promise<string[]> {
  if (count === 0) return [];
  const start = Math.max(0, offset - contextBytes);
  const lines = await readLines(source, start, offset);
  return (start === 0 ? lines : lines.slice(1)).slice(-count);
}

/** At most `count` whole lines that start at `offset`. */
export async function linesAfter(source: Source, offset: number, count: number): Promise<string[]> {
  const end = Math.min(source.size, offset + contextBytes);
  const lines = await readLines(source, offset, end);
  return (end === source.size ? lines : lines.slice(0, -1)).slice(0, count);
}
