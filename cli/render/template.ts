import { LaminError } from "../../store/errors.ts";

const escapes: Readonly<Record<string, string>> = { t: "\t", n: "\n", "0": "\0", "\\": "\\" };

/** An escape, a doubled brace, or a field. */
const pieces = /\\([tn0\\])|\{\{|\}\}|\{([^{}]+)\}/g;

/**
 * Fills a template such as `{uid}\t{key}` with fields of a value; `{run.uid}` reaches into objects,
 * `{{` is a brace; null is empty, and so is what an object within the value does not have. Throws
 * code "usage" for a field that the value does not have.
 */
export function expandTemplate(template: string, value: Readonly<Record<string, unknown>>): string {
  return template.replace(pieces, (whole, escape, path) => {
    if (escape !== undefined) return escapes[escape]!;
    if (path === undefined) return whole[0]!;
    return fieldText(value, path);
  });
}

/** Throws code "usage" unless values with these fields fill the template. */
export function requireFields(template: string, fields: readonly string[]): void {
  for (const [, , path] of template.matchAll(pieces)) {
    if (path !== undefined && !fields.includes(path.split(".")[0]!)) throw noField(path, fields);
  }
}

function fieldText(value: Readonly<Record<string, unknown>>, path: string): string {
  const [first, ...inner] = path.split(".") as [string, ...string[]];
  if (!Object.hasOwn(value, first)) throw noField(path, Object.keys(value));
  let found: unknown = value[first];
  for (const name of inner) {
    const hasIt = typeof found === "object" && found !== null && Object.hasOwn(found, name);
    found = hasIt ? (found as Record<string, unknown>)[name] : null;
  }
  if (found === null || found === undefined) return "";
  return typeof found === "object" ? JSON.stringify(found) : String(found);
}

function noField(path: string, fields: readonly string[]): LaminError {
  return new LaminError("usage", `there is no field '${path}' to print`, {
    hint: `fields: ${fields.join(", ")}`,
  });
}
