/** Python's float repr has an exponent below this power of ten … */
const smallestPlainExponent = -4;
/** … and from this one on; JavaScript changes over at -7 and 21. */
const firstLargeExponent = 16;

/**
 * A float as Python's `repr` writes it: the shortest digits that read back as the same number, `.0`
 * behind whole ones, exponents signed and of two digits at least, `inf`, `-inf` and `nan`.
 */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa, exponentText] = Math.abs(value).toExponential().split("e") as [string, string];
  const digits = mantissa.replace(".", "");
  const exponent = Number(exponentText);
  const isPlain = exponent >= smallestPlainExponent && exponent < firstLargeExponent;
  return sign + (isPlain ? plain(digits, exponent) : scientific(mantissa, exponent));
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}

function scientific(mantissa: string, exponent: number): string {
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
