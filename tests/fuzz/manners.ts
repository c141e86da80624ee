/** What must hold of every answer of the program, whatever it was given. */

import { documentedCodes, exitCode } from "../../cli/exit.ts";
import type { LoadedVerb } from "../cli/manners_world.ts";
import type { Said } from "../cli/in_process.ts";

/** What a terminal obeys, and what reorders or hides text; line ends and tabs are layout. */
const commanding =
  // deno-lint-ignore no-control-regex -- these are what is looked for
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** What only a program that did not think of something says. */
const unthought = [
  /should not happen/,
  /^\s+at .+:\d+:\d+/m,
  /\bundefined\b/,
  /\[object /,
  /\bTypeError\b|\bRangeError\b|\bSyntaxError\b/,
  /SQLITE_|no such (table|column|function)|near "|datatype mismatch|constraint failed/,
  /ERR_[A-Z]+_/,
  /\binternal\b/i,
];

/** Longest answer of an error: what was given is quoted in part. */
const errorLengthMax = 4000;

/** Faults of an answer to a command line, a sentence each; none when all is well. */
export function faultsOf(
  verb: Pick<LoadedVerb, "name" | "definition">,
  words: readonly string[],
  said: Said,
): string[] {
  const { code, stdout, stderr } = said;
  const faults: string[] = [];
  if (!documentedCodes(verb.definition.exitCodes).includes(code)) {
    faults.push(`exit code ${code} is not documented`);
  }
  if (code === exitCode.usage && stdout !== "") faults.push("usage error with output");
  const given = words.join(" ");
  for (const pattern of unthought) {
    const found = pattern.exec(stderr)?.[0];
    if (found !== undefined && !given.includes(found.trim())) faults.push(`says '${found}'`);
  }
  // `cat` prints bytes, and a template is what the user wants printed.
  const isRaw = verb.name === "cat" || words.some((word) => word.startsWith("--format"));
  const shown = isRaw ? stderr : stderr + stdout;
  const control = commanding.exec(shown);
  if (control !== null) faults.push(`prints ${JSON.stringify(control[0])} raw`);
  if (code !== exitCode.ok && !isJson(words) && stderr.length > errorLengthMax) {
    faults.push(`an error of ${stderr.length} characters`);
  }
  return [...faults, ...shapeFaults(words, said)];
}

/** One sentence and at most one hint; with `--json` one object in one line. */
function shapeFaults(words: readonly string[], { code, stdout, stderr }: Said): string[] {
  if (code === exitCode.ok || code === exitCode.different) return [];
  const lines = stderr.split("\n");
  if (lines.pop() !== "") return ["the error does not end its line"];
  const [first = ""] = lines;
  if (isJson(words) && stdout === "" && !first.startsWith("! ")) {
    const parsed = parse(first) as { error?: unknown; message?: unknown } | undefined;
    const isWhole = lines.length === 1 && typeof parsed?.error === "string" &&
      typeof parsed.message === "string" && parsed.message !== "";
    return isWhole ? [] : [`not one object of JSON: ${stderr.slice(0, 300)}`];
  }
  const errors = lines.filter((line) => line.startsWith("✗ "));
  if (errors.length > 1) return ["more than one error"];
  if (errors.length === 0 && stderr === "" && stdout === "") return ["it fails without a word"];
  if (first.startsWith("✗ ") && lines.length > 2) return [`${lines.length} lines of error`];
  return [];
}

/** Behind `--` it is an argument. */
function isJson(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return (end < 0 ? words : words.slice(0, end)).includes("--json");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
