import stringWidth from "string-width";

const printableAscii = /^[\x20-\x7e]*$/;
let graphemes: Intl.Segmenter | undefined;

/** Columns that a text takes on a terminal: two for wide characters, none for combining ones. */
export function textWidth(text: string): number {
  return printableAscii.test(text) ? text.length : stringWidth(text);
}

/** The text, cut so that it takes `width` columns at most; `…` stands for what was cut off. */
export function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width < 1 ? "" : takeWidth(text, width - 1) + "…";
}

/** The beginning of a text that takes `width` columns at most; characters stay whole. */
export function takeWidth(text: string, width: number): string {
  if (printableAscii.test(text)) return text.slice(0, width);
  graphemes ??= new Intl.Segmenter();
  let taken = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += textWidth(segment);
    if (used > width) break;
    taken += segment;
  }
  return taken;
}

/** The text with spaces behind it, or before it, up to `width` columns. */
export function padToWidth(text: string, width: number, side: "left" | "right" = "left"): string {
  const spaces = " ".repeat(Math.max(0, width - textWidth(text)));
  return side === "left" ? text + spaces : spaces + text;
}
