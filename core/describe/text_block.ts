import { type Line, span, textTree, type Tree } from "./tree.ts";

/** How much of a line is shown. */
const lineLength = 80;
/** Columns between the stops of tabulators. */
const tabStop = 8;

/**
 * A longer text under a title, `maxLines` lines of it, each behind a bar: source code, a log, a
 * note.
 */
export function textBlock(
  text: string,
  title: string,
  { maxLines = 30, uid = "" }: { maxLines?: number; uid?: string } = {},
): Tree {
  const lines = text.split("\n");
  const shown = lines.slice(0, maxLines).map((line): Line => {
    const characters = [...line];
    return [
      span("│ ", "dim"),
      span(expandTabs(characters.slice(0, lineLength).join(""))),
      ...(characters.length > lineLength ? [span(" …", "dim")] : []),
    ];
  });
  const more: Line[] = lines.length > maxLines ? [[span("│ …", "dim")]] : [];
  return textTree([[span(`${title}: `, "block"), span(uid)], ...shown, ...more]);
}

/** Spaces for tabulators, counting from the bar before the line. */
function expandTabs(line: string): string {
  const barWidth = 2;
  let expanded = "";
  for (const part of line.split(/(\t)/)) {
    expanded += part === "\t" ? " ".repeat(tabStop - (expanded.length + barWidth) % tabStop) : part;
  }
  return expanded;
}

/** What terminals take for a command, taken out: colours of logs (ECMA-48 sequences). */
export function withoutAnsi(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b(?:[@-Z\\-_]|\[[0-?]*[ -/]*[@-~])/g, "");
}
