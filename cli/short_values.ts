/**
 * `-n3` as `-n 3`, as people are used to; the parser takes `-n3` for an argument. Letters are those
 * of flags that have a value. What comes after `--` is left.
 */
export function splitShortValues(
  words: readonly string[],
  letters: ReadonlySet<string>,
): string[] {
  const end = words.indexOf("--");
  return words.flatMap((word, index) => {
    const isAfterEnd = end >= 0 && index > end;
    const [, letter, value] = /^-([A-Za-z])([^=].*)$/s.exec(word) ?? [];
    if (isAfterEnd || letter === undefined || !letters.has(letter)) return [word];
    return [`-${letter}`, value!];
  });
}

/** The letters that stand for flags with a value. */
export function lettersWithValue(
  aliases: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Record<string, { readonly kind: string }>>,
): ReadonlySet<string> {
  const withValue = Object.entries(aliases).filter(([, name]) =>
    name !== undefined && flags[name] !== undefined && flags[name].kind !== "boolean"
  );
  return new Set(withValue.map(([letter]) => letter));
}
