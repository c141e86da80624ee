/**
 * Texts of which every character takes one column: those of Latin, Greek and Cyrillic script, and
 * punctuation, arrows, lines and marks. What is not sure is left to the library.
 */
const narrow =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u04ff\u2010-\u2027\u2030-\u205e\u20ac\u2190-\u2193\u2500-\u257f\u2713\u2717]*$/;

let libraryWidth: ((text: string) => number) | undefined;
let graphemes: Intl.Segmenter | undefined;

/**
 * Loads what measures the texts, if they need it: wide characters, emoji, combining marks. It costs
 * 25 ms, which most commands do not need to spend.
 */
export async function prepareWidths(texts: Iterable<string>): Promise<void> {
  if (libraryWidth !== undefined) return;
  for (const text of texts) {
    if (narrow.test(text)) continue;
    libraryWidth = (await import("string-width")).default;
    return;
  }
}

/**
 * Columns that a text takes on a terminal: two for wide characters, none for combining ones. Texts
 * must have been given to {@link prepareWidths}.
 */
export function textWidth(text: string): number {
  return narrow.test(text) ? text.length : libraryWidth?.(text) ?? [...text].length;
}

/** The text, cut so that it takes `width` columns at most; `…` stands for what was cut off. */
export function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width < 1 ? "" : takeWidth(text, width - 1) + "…";
}

/** The beginning of a text that takes `width` columns at most; characters stay whole. */
export function takeWidth(text: string, width: number): string {
  if (narrow.test(text)) return text.slice(0, width);
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
