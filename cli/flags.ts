/** Builders of the flags of verbs; each is left out of the parsed flags when it is not given. */

/** A switch that is off unless given. */
export function toggle(brief: string) {
  return { kind: "boolean", optional: true, withNegated: false, brief } as const;
}

/** A flag with one text. */
export function text(placeholder: string, brief: string) {
  return { kind: "parsed", parse: String, optional: true, placeholder, brief } as const;
}

/** A flag that may be given several times. */
export function texts(placeholder: string, brief: string) {
  return {
    kind: "parsed",
    parse: String,
    optional: true,
    variadic: true,
    placeholder,
    brief,
  } as const;
}

/** A flag with a whole number of at least `minimum`. */
export function count(placeholder: string, brief: string, minimum = 0) {
  const parse = (input: string): number => {
    const value = Number(input);
    if (!Number.isSafeInteger(value) || value < minimum || input.trim() === "") {
      throw new SyntaxError(`takes a whole number of at least ${minimum}, not '${input}'`);
    }
    return value;
  };
  return { kind: "parsed", parse, optional: true, placeholder, brief } as const;
}

/** A flag with one of a few words. */
export function choice<const V extends readonly string[]>(values: V, brief: string) {
  return { kind: "enum", values, optional: true, brief } as const;
}

/** The flags without those that were not given, so that `exactOptionalPropertyTypes` holds. */
export function stripUndefined<F extends object>(flags: F): F {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as F;
}
