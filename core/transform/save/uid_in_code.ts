/** How code names its own transform, by suffix, as LaminDB's `lamin save` looks for it. */
const patterns: Readonly<Record<string, readonly RegExp[]>> = {
  ".py": [
    /ln\.track\(\s*(?:transform\s*=\s*)?(["'])([a-zA-Z0-9]{12,16})\1/,
    /\.context\.uid\s*=\s*(["'])([^"']+)["']/,
  ],
  // In the JSON of a notebook, where quotes are escaped.
  ".ipynb": [
    /ln\.track\(\s*(?:transform\s*=\s*)?(\\"|')([a-zA-Z0-9]{12,16})(?:\\"|')/,
    /\.context\.uid\s*=\s*(\\["'])([^"'\\]+)\\["']/,
  ],
  ".R": [/track\(\s*(?:transform\s*=\s*)?(["'])([a-zA-Z0-9]{12,16})\1/],
};

/** The uid in `ln.track("…")`: 12 characters for all versions, or 16 for one. */
export function uidInCode(text: string, suffix: string): string | undefined {
  const known = suffix === ".Rmd" || suffix === ".qmd" ? ".R" : suffix;
  for (const pattern of patterns[known] ?? []) {
    const uid = pattern.exec(text)?.[2];
    if (uid !== undefined) return uid;
  }
  return undefined;
}
