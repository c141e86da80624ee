/**
 * Compares as Python orders strings, by code points. JavaScript compares UTF-16 units, which puts
 * U+10000 and above before U+E000 to U+FFFF.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    if (a.charCodeAt(index) === b.charCodeAt(index)) continue;
    return codePointAround(a, index) - codePointAround(b, index);
  }
  return a.length - b.length;
}

/** The code point that the unit at `index` is a part of. */
function codePointAround(text: string, index: number): number {
  const isSecondHalf = (text.charCodeAt(index) & 0xfc00) === 0xdc00 &&
    index > 0 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800;
  return text.codePointAt(isSecondHalf ? index - 1 : index)!;
}
