/** How the text of a number is to be read. */
export type NumberKind = "integer" | "decimal" | "float32" | "float64";

/**
 * The one text that all spellings of the same value have, whatever the kinds: an integer without
 * leading zeros, else a decimal fraction without exponent and trailing zeros, "NaN", "Infinity" or
 * "-Infinity". Zero has no sign. A text that is no number is given back as it is.
 *
 * Values of 64 and more bits stay exact; a binary fraction stands for the shortest decimal that
 * reads back as it, as 32-bit values do only after widening to 64 bits.
 */
export function canonicalNumber(text: string, kind: NumberKind): string {
  if (kind === "integer" || kind === "decimal") return canonicalDecimal(text);
  const value = kind === "float32" ? Math.fround(Number(text)) : Number(text);
  if (!Number.isFinite(value)) return Number.isNaN(value) && !isNaNText(text) ? text : `${value}`;
  return Number.isInteger(value) ? BigInt(value).toString() : canonicalDecimal(plain(value));
}

const decimal = /^([+-]?)0*([0-9]+)(?:\.([0-9]*?)0*)?$/;

function canonicalDecimal(text: string): string {
  const [, sign, whole, fraction] = decimal.exec(text) ?? [];
  if (whole === undefined) return text;
  const digits = fraction ? `${whole}.${fraction}` : whole;
  return sign === "-" && digits !== "0" ? `-${digits}` : digits;
}

function isNaNText(text: string): boolean {
  return text.toLowerCase() === "nan";
}

/** The number's shortest decimal text with the exponent written out. */
function plain(value: number): string {
  const text = `${value}`;
  const [, sign, whole, fraction = "", exponent] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?e([+-][0-9]+)$/.exec(text) ?? [];
  if (whole === undefined || exponent === undefined) return text;
  // Only numbers below 1 come here with an exponent: larger ones with one are whole.
  return `${sign}0.${"0".repeat(-Number(exponent) - whole.length)}${whole}${fraction}`;
}
