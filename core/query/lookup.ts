import { LaminError } from "../../store/errors.ts";

/** One `field__operator=value` of a query, as it was typed. */
export interface Lookup {
  /** All that stands before the equals sign. */
  readonly name: string;
  /** The name in its parts: relations, a field, an operator. */
  readonly segments: readonly string[];
  readonly value: string;
}

/** Takes `field=value` apart. Throws code "usage" when it is none. */
export function parseLookup(text: string): Lookup {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(0, equals)).trim();
  if (name === "") {
    throw new LaminError("usage", `'${text}' is no condition`, {
      hint: "write field=value or field__operator=value, as size__gt=1e6 or key__startswith=raw/",
      data: { condition: text },
    });
  }
  return lookup(name, text.slice(equals + 1));
}

/** The lookup of a name and a value. */
export function lookup(name: string, value: string): Lookup {
  return { name, segments: name.split("__"), value };
}

/** Whether a lookup asks for one of these names itself or for something that it leads to. */
export function mentions({ segments }: Lookup, names: readonly string[]): boolean {
  return names.includes(segments[0]!);
}
