/** `dryRun` as it is typed: `dry-run`. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `dry-run` as the program has it: `dryRun`. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The object with every name changed. */
export function renamed<T>(
  object: Readonly<Record<string, T>>,
  name: (name: string) => string,
): Record<string, T> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [name(key), value]));
}
