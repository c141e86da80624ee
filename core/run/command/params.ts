import { LaminError } from "../../../store/errors.ts";
import { redactValue } from "../redact.ts";

/**
 * Parameters of a run from words such as `threads=4`: numbers, true, false, null, lists and objects
 * as JSON has them, anything else as text. As in Python, what is null or an empty list is left out,
 * and secrets are taken out. Throws code "usage".
 */
export function paramsOf(words: readonly string[]): Readonly<Record<string, unknown>> {
  const params = new Map<string, unknown>();
  for (const word of words) {
    const sign = word.indexOf("=");
    const name = word.slice(0, sign);
    if (sign < 1) {
      throw new LaminError("usage", `a parameter is given as NAME=VALUE, not '${word}'`, {
        hint: "for example: --param threads=4",
      });
    }
    if (params.has(name)) {
      throw new LaminError("usage", `the parameter '${name}' is given twice`);
    }
    params.set(name, valueOf(word.slice(sign + 1)));
  }
  const kept = [...params].filter(([, value]) => value !== null && !isEmptyList(value));
  return Object.fromEntries(kept.map(([name, value]) => [name, redactValue(name, value)]));
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A number that would come back as another one, such as `007` or one too long, stays text. */
function valueOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const isExact = typeof value !== "number" ||
      Number.isFinite(value) && (String(value) === text || /[.eE]/.test(text));
    return typeof value === "string" || !isExact ? text : value;
  } catch {
    return text;
  }
}
