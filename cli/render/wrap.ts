import type { Line } from "../../core/describe/tree.ts";
import { takeWidth, textWidth } from "./width.ts";

/**
 * A line in pieces, broken so that each part takes `width` columns at most: before words, and
 * inside words that are longer than that.
 */
export function wrapLine(line: Line, width: number): Line[] {
  const text = line.map((piece) => piece.text).join("");
  if (textWidth(text) <= width) return [line];
  const lines: Line[] = [];
  let from = 0;
  for (const to of [...breaks(text, Math.max(1, width)), text.length]) {
    lines.push(slice(line, from, to));
    from = to;
  }
  return lines;
}

/** Where a text is broken, as offsets. */
function breaks(text: string, width: number): number[] {
  const offsets: number[] = [];
  let used = 0;
  for (const { 0: word, index } of text.matchAll(/\s*\S+\s*/g)) {
    const wordWidth = textWidth(word.trimEnd());
    if (width - used >= wordWidth) {
      used += textWidth(word);
    } else if (wordWidth <= width) {
      if (used > 0 && index > 0) offsets.push(index);
      used = textWidth(word);
    } else {
      if (index > 0) offsets.push(index);
      used = fold(word, index, width, offsets);
    }
  }
  return offsets;
}

/** Breaks a word that is longer than a line; gives the columns that its end takes. */
function fold(word: string, index: number, width: number, offsets: number[]): number {
  let rest = word;
  let at = index;
  while (textWidth(rest) > width) {
    const part = takeWidth(rest, width) || rest[0]!;
    at += part.length;
    rest = rest.slice(part.length);
    offsets.push(at);
  }
  return textWidth(rest);
}

/** The pieces of a line between two offsets of its text. */
function slice(line: Line, from: number, to: number): Line {
  let offset = 0;
  return line.flatMap(({ text, style }) => {
    const part = text.slice(Math.max(0, from - offset), Math.max(0, to - offset));
    offset += text.length;
    return part === "" ? [] : [{ text: part, style }];
  });
}
