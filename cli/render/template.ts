import { LaminError } from "../../store/errors.ts";

const escapes: Readonly<Record<string, string>> = { t: "\t", n: "\n", "0": "\0", "\\": "\\" };

/**
 * Fills a template such as `{uid}\t{key}` with fields of a value; `{run.uid}` reaches into objects,
 * `{{` is a brace, null is empty. Throws code "usage" for a field that the value does not have.
 */
export function expandTemplate(template: string, value: Readonly<Record<string, unknown>>): string {
  return template.replace(/\\([tn0\\])|\{\{|\}\}|\{([^{}]+)\}/g, (whole, escape, path) => {
    if (escape !== undefined) return escapes[escape]!;
    if (path === undefined) return whole[0]!;
    return fieldText(value, path);
  });
}

function fieldText(value: Readonly<Record<string, unknown>>, path: string): string {
  let found: unknown = value;
  for (const name of path.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) {
      throw new LaminError("usage", `there is no field '${path}' to print`, {
        hint: `fields: ${Object.keys(value).join(", ")}`,
      });
    }
    found = (found as Record<string, unknown>)[name];
  }
  if (found === null || found === undefined) return "";
  return typeof found === "object" ? JSON.stringify(found) : String(found);
}
