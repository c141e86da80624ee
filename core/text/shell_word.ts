/** A word as a shell takes it: as it stands, or quoted where it would be taken apart. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command as a shell takes it. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}
