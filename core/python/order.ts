/**
 * Compares as Python orders strings, by code points. JavaScript compares UTF-16 units, which puts
 * U+10000 and above before U+E000 to U+FFFF.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    if (a.charCodeAt(index) === b.charCodeAt(index)) continue;
    // Units that differ may be the second halves of pairs with the same first half.
    const start = endsPair(a, index) || endsPair(b, index) ? index - 1 : index;
    return a.codePointAt(start)! - b.codePointAt(start)!;
  }
  return a.length - b.length;
}

/** True when the unit at `index` is the second half of a surrogate pair. */
function endsPair(text: string, index: number): boolean {
  return index > 0 && (text.charCodeAt(index) & 0xfc00) === 0xdc00 &&
    (text.charCodeAt(index - 1) & 0xfc00) === 0xd800;
}
