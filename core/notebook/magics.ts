import { Quotes } from "./quotes.ts";

/** What IPython understands and Python does not, as jupytext knows it. */
const magics: readonly RegExp[] = [
  /^\s*(?:# |#)*%{1,3}[a-zA-Z]/,
  /^\s*(?:(?:# |#)+\s*)?[?!]\s*[A-Za-z.~$\\/{}]/,
  /^(?:# |#)*\s*[a-zA-Z_][a-zA-Z_$0-9]*\s*=\s*(?:%{1,3}|!)[a-zA-Z]/,
  /^\s*(?:# )*[^\s]*\?\s*$/,
  /^(?:# |#)*(?:cat|cd|cp|mv|rm|rmdir|mkdir|copy|ddir|echo|ls|ldir|ren)(?:$|\s$|\s[^=,])/,
];
const escaped = /^\s*(?:# |#)*%{1,3}[a-zA-Z].*#\s*escape/;
const notEscaped = /^\s*(?:# |#)*%{1,3}[a-zA-Z].*#\s*noescape/;

/** The lines of a cell as Python: those of IPython become remarks, with the ones that go on. */
export function withMagicsCommented(lines: readonly string[]): string[] {
  const quotes = new Quotes();
  let goesOn = false;
  return lines.map((line) => {
    const isMagicLine = !quotes.isOpen && (goesOn || isMagic(line));
    quotes.read(line);
    if (!isMagicLine) return line;
    const indent = goesOn ? "" : /^\s*/.exec(line)![0];
    goesOn = /\\\s*$/.test(line);
    return `${indent}# ${line.slice(indent.length)}`;
  });
}

function isMagic(line: string): boolean {
  if (escaped.test(line)) return true;
  return !notEscaped.test(line) && magics.some((magic) => magic.test(line));
}
