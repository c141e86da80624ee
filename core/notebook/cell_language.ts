/** Languages that `%%` in the first line of a cell can name, as jupytext has them. */
const languages: ReadonlySet<string> = new Set(
  `R bash c# c++ clojure coconut cs csharp cython f# fs fsharp gnuplot go groovy haskell html idl
  java javascript jenner js julia latex logtalk lua markdown matlab maxima ocaml octave perl
  powershell pypy python python2 python3 q robotframework ruby rust sage sas scala scheme script sh
  sos spark sql stata svg tcl typescript xonsh`.split(/\s+/),
);

/** The language that the first line of a cell names, with what follows it, and the other lines. */
export function cellLanguage(
  lines: readonly string[],
): { language: string | undefined; args: string; lines: readonly string[] } {
  const magic = /^%%([^ ]*)(?: (.*))?$/.exec(lines[0] ?? "");
  if (magic === null || !languages.has(magic[1]!)) return { language: undefined, args: "", lines };
  return { language: magic[1]!, args: magic[2] ?? "", lines: lines.slice(1) };
}

/** Whether cells in a language are part of a script in Python. */
export function isPython(language: string): boolean {
  return language.toLowerCase() === "python";
}
