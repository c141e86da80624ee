import { LaminError } from "../../errors.ts";

/** Classes as JavaScript understands them, as what stands inside of brackets. */
const classes: Readonly<Record<string, string>> = {
  d: "0-9",
  w: "A-Za-z0-9_",
  s: "\\t\\n\\u000B\\f\\r \\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF",
};
const anyButLineEnd = "[^\\n\\r\\u2028\\u2029]";

/** Of words of ASCII, while Postgres's own `\\y` knows the letters of all scripts. */
const word = `[${classes["w"]}]`;
const boundary = `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
const noBoundary = `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;

const token = new RegExp(
  [
    "\\\\u\\{([0-9A-Fa-f]{1,6})\\}",
    "\\\\u([0-9A-Fa-f]{4})",
    "\\\\x([0-9A-Fa-f]{2})",
    "(\\\\[pPkc].?)",
    "\\\\([\\s\\S])",
    "(\\(\\?<(?![=!])[^>]*>)",
    "([\\s\\S])",
  ].join("|"),
  "gu",
);

/**
 * A regular expression of JavaScript in the words of Postgres (manual, 9.7.3): SQLite's side of the
 * program uses JavaScript's, and the same pattern is to find the same rows. Throws code "usage" for
 * what Postgres has no words for.
 */
export function regularExpression(pattern: string): string {
  let inBrackets = false;
  let out = "";
  for (const [, long, short, byte, special, escaped, named, plain] of pattern.matchAll(token)) {
    const code = long ?? short ?? byte;
    if (code !== undefined) out += `\\U${code.padStart(8, "0")}`;
    else if (special !== undefined) throw notHere(special);
    else if (escaped !== undefined) out += ofEscape(escaped, inBrackets);
    else if (named !== undefined) out += inBrackets ? named : "(";
    else if (plain === ".") out += inBrackets ? "." : anyButLineEnd;
    else {
      // Inside of brackets `[` begins a class of Postgres.
      out += inBrackets && plain === "[" ? "\\[" : plain;
      if (plain === "[") inBrackets = true;
      if (plain === "]") inBrackets = false;
    }
  }
  return `***:(?:${out})`;
}

function ofEscape(letter: string, inBrackets: boolean): string {
  const inside = classes[letter];
  if (inside !== undefined) return inBrackets ? inside : `[${inside}]`;
  const negated = classes[letter.toLowerCase()];
  if (negated !== undefined) {
    if (inBrackets) throw notHere(`\\${letter} in brackets`);
    return `[^${negated}]`;
  }
  if (letter === "b") return inBrackets ? "\\u0008" : boundary;
  if (letter === "B") return noBoundary;
  return `\\${letter}`;
}

function notHere(what: string): LaminError {
  return new LaminError("usage", `Postgres cannot search for '${what}' in an expression`, {
    hint: "write it in another way, for example as a class in brackets",
  });
}
