import { LaminError } from "../../store/errors.ts";
import type { TransformRow } from "../transform/transform_wanted.ts";
import type { RunRow } from "./recipe.ts";

/** What runs a script of each suffix; a notebook of Jupyter is stored as a script in Python. */
const interpreters: readonly (readonly [suffix: RegExp, words: readonly string[]])[] = [
  [/\.(py|ipynb)$/, ["python3"]],
  [/\.R$/i, ["Rscript"]],
  [/\.sh$/, ["bash"]],
  [/\.jl$/, ["julia"]],
  [/\.(Rmd|qmd)$/, ["quarto", "render"]],
];

/**
 * The command of a run that Python recorded, of which only the script and its arguments are known.
 * Throws code "failed" where there is no script.
 */
export function commandOfScript(
  { uid, cli_args }: RunRow,
  { key }: TransformRow,
  source: string | undefined,
): string[] {
  const words = interpreters.find(([suffix]) => suffix.test(key))?.[1];
  if (source !== undefined && words !== undefined) {
    return [...words, key, ...wordsOf(cli_args ?? "")];
  }
  throw new LaminError("failed", `it is not known how ${key} was run`, {
    hint: source === undefined
      ? "its source was not recorded; runs of 'lamin run' can be done again"
      : "nothing is known that runs such code; runs of 'lamin run' can be done again",
    data: { run: uid, transform: key },
  });
}

/** The words of a line as a shell splits it: at spaces that are not in quotes. */
export function wordsOf(line: string): string[] {
  const parts = line.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|["'])+/gs) ?? [];
  return parts.map((part) =>
    part.replace(
      /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
      (all, escaped, double, single) =>
        escaped ?? double?.replace(/\\(["\\$`])/g, "$1") ?? single ?? all,
    )
  );
}
