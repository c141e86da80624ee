import { kebabCase } from "./flag_name.ts";

/** Flags by their names, as far as it matters how many words each takes. */
export type Flags = Readonly<Record<string, { readonly kind: string }>>;

/** The flags that take a value, as they are typed. */
export function valuedFlags(flags: Flags): ReadonlySet<string> {
  return new Set(
    Object.entries(flags).filter(([, { kind }]) => kind !== "boolean")
      .map(([name]) => `--${kebabCase(name)}`),
  );
}

/**
 * The words of `lamin run -q sort -r a` with `--` before the command, whose options are its own.
 * `letters` are those of flags with a value.
 */
export function commandApart(
  words: readonly string[],
  letters: ReadonlySet<string>,
  valued: ReadonlySet<string>,
): readonly string[] {
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === "--") return words;
    if (!/^-./.test(word)) return [...words.slice(0, index), "--", ...words.slice(index)];
    const takesNext = valued.has(word) || /^-[A-Za-z]$/.test(word) && letters.has(word[1]!);
    if (takesNext) index++;
  }
  return words;
}
