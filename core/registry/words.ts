/** How people write the name of a registry, which is a Python class: `CellType`. */

/** `cell_type`, and `ulabel` for `ULabel`, as Python's relations have it */
export function snakeCase(model: string): string {
  return model.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

/** `cell_types`, `ethnicities`, `branches` */
export function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return word.slice(0, -1) + "ies";
  return /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** The word with case and separators left out, so that all spellings are one. */
export function spelling(word: string): string {
  return word.toLowerCase().replace(/[_\s-]/g, "");
}
