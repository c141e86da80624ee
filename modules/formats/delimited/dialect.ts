/** How the fields and rows of a delimited text are parted. */
export interface Dialect {
  readonly delimiter: string;
  /** "\n" also for texts with "\r\n"; "\r" for those of very old programs. */
  readonly newline: "\n" | "\r";
}

/**
 * The dialect of a text by its suffix and its beginning. Tab-separated names mean tabs; others mean
 * commas, unless the header has none and has semicolons, tabs or bars, as spreadsheets write in
 * countries with a decimal comma.
 */
export function dialectOf(name: string, head: string): Dialect {
  const newline = head.includes("\r") && !head.includes("\n") ? "\r" : "\n";
  if (/\.(?:tsv|tab)(?:\.gz)?$/i.test(name)) return { delimiter: "\t", newline };
  const header = unquoted(head).split(newline, 1)[0]!;
  const delimiter = [",", ";", "\t", "|"].find((one) => header.includes(one)) ?? ",";
  return { delimiter, newline };
}

/** The text without what stands in quotes. */
function unquoted(text: string): string {
  return text.replace(/"[^"]*(?:"|$)/g, "");
}
