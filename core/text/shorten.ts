/** Longest sentence that is said, in UTF-16 code units. */
const lengthMax = 1000;
/** How much of a longer one's end is said: there stands why. */
const endLength = 300;

/**
 * A sentence that may quote whatever was given, without the middle of what is too long to be read.
 */
export function shortened(text: string): string {
  if (text.length <= lengthMax) return text;
  return `${text.slice(0, lengthMax - endLength)} … ${text.slice(-endLength)}`;
}
