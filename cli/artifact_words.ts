/** Words that mean artifacts: references, and conditions as `list` takes them. */
export interface ArtifactWords {
  readonly references: readonly string[];
  readonly conditions: readonly string[];
}

/** Divides words: `field=value` is a condition, anything else a reference. */
export function wordsOf(words: readonly string[]): ArtifactWords {
  return {
    references: words.filter((word) => !isCondition(word)),
    conditions: words.filter(isCondition),
  };
}

/** Whether a word is `field=value`. */
export function isCondition(word: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*=/.test(word);
}
