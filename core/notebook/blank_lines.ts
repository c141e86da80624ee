import { Quotes } from "./quotes.ts";

/** Whether a definition at the first level begins with a line. */
const definition = /^(?:def |async |class )/;

/**
 * How many blank lines stand between two cells, so that definitions have two around them, as
 * jupytext sets them. Lines are those of the cells as written, with their marks.
 */
export function blankLinesBetween(before: readonly string[], after: readonly string[]): number {
  if (after.length === 0) return 1;
  if (before.length === 0) return 0;
  if (endsWithDefinition(before)) return hasCode(after) ? 2 : 1;
  return endsWithCode(before) && beginsWithDefinition(after) ? 2 : 1;
}

function endsWithDefinition(lines: readonly string[]): boolean {
  const upwards = outsideQuotes(lines).reverse();
  for (const [index, line] of upwards.entries()) {
    if (line.trim() === "") {
      if (index > 0 && upwards[index - 1]!.trim() === "") return false;
    } else if (!/^[# )]/.test(line)) return definition.test(line);
  }
  return false;
}

function outsideQuotes(lines: readonly string[]): string[] {
  const quotes = new Quotes();
  return lines.filter((line) => {
    const isOutside = !quotes.isOpen;
    quotes.read(line);
    return isOutside;
  });
}

function endsWithCode(lines: readonly string[]): boolean {
  const last = lines.at(-1) ?? "";
  return last.trim() !== "" && !last.startsWith("#");
}

function beginsWithDefinition(lines: readonly string[]): boolean {
  const quotes = new Quotes();
  for (const [index, line] of lines.entries()) {
    const isQuoted = quotes.isOpen;
    quotes.read(line);
    if (isQuoted) continue;
    if (line.trim() === "") {
      if (index > 0 && lines[index - 1]!.trim() === "") return false;
    } else if (definition.test(line)) return true;
    else if (!/^[#@ )]/.test(line)) return false;
  }
  return false;
}

function hasCode(lines: readonly string[]): boolean {
  for (const [index, line] of lines.entries()) {
    if (line.trim().startsWith("#")) continue;
    if (line.trim() !== "") return true;
    if (index > 0 && lines[index - 1]!.trim() === "") return false;
  }
  return false;
}
