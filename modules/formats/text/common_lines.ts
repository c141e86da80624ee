import { commonEnd, firstDifference } from "../../../core/diff/common_bytes.ts";
import type { Source } from "../../../core/format/format.ts";

/** Whole lines that two texts have in common at their start and end. */
export interface CommonLines {
  readonly startBytes: number;
  readonly startLines: number;
  readonly endBytes: number;
}

const lineFeed = 0x0a;

/** The common lines of two texts, found by streaming; null when the texts are equal. */
export async function commonLines(before: Source, after: Source): Promise<CommonLines | null> {
  let read = 0;
  let startBytes = 0;
  let startLines = 0;
  const difference = await firstDifference(before, after, (bytes) => {
    const last = bytes.lastIndexOf(lineFeed);
    if (last >= 0) startBytes = read + last + 1;
    startLines += countLineFeeds(bytes);
    read += bytes.length;
  });
  if (difference === null) return null;
  let end = 0;
  let endBytes = 0;
  const bytesMax = Math.min(before.size, after.size) - startBytes;
  await commonEnd(before, after, bytesMax, (bytes) => {
    end += bytes.length;
    const first = bytes.indexOf(lineFeed);
    if (first >= 0) endBytes = end - first - 1;
  });
  return { startBytes, startLines, endBytes };
}

export function countLineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) count++;
  return count;
}

/** Lines of text in a range of a source; a last one without line feed counts. */
export async function countLines(source: Source, start: number, end: number): Promise<number> {
  const pieceBytes = 1024 * 1024;
  let count = 0;
  let isEnded = true;
  for (let offset = start; offset < end; offset += pieceBytes) {
    const bytes = await source.read(offset, Math.min(pieceBytes, end - offset));
    count += countLineFeeds(bytes);
    isEnded = bytes.at(-1) === lineFeed;
  }
  return isEnded ? count : count + 1;
}
