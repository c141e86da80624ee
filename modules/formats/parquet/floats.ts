/** The shortest decimal text that reads back as the same 32-bit number. */
export function float32Text(value: number): string {
  const wide = `${value}`;
  // Most numbers in files were short decimals once.
  if (wide.length <= 8 || !Number.isFinite(value)) return wide;
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return `${short}`;
  }
  return wide;
}

/**
 * The value of a 16-bit binary fraction (IEEE 754), lowest byte first; NaN for bytes that are none.
 */
export function float16(bytes: Uint8Array): number {
  if (bytes.length !== 2) return NaN;
  const bits = bytes[0]! | (bytes[1]! << 8);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
