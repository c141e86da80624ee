/**
 * Many texts as one, for lists of a million: as strings of their own they take several times the
 * memory. Of each only what differs from the one before is kept, since paths that follow each other
 * mostly lie in one folder.
 */

/** A text may begin like the one before for so many characters, told by one letter of a byte. */
const sharedMax = 0xff - 0x20;

/** `separator` is a control character that no text has. */
export function packTexts(texts: readonly string[], separator = "\0"): string {
  let last = "";
  const parts = texts.map((text) => {
    const shared = sharedLength(last, text);
    last = text;
    return String.fromCharCode(0x20 + shared) + text.slice(shared);
  });
  return parts.join(separator);
}

/** The texts of {@link packTexts}, of which there was at least one. */
export function unpackTexts(packed: string, separator = "\0"): string[] {
  let last = "";
  return packed.split(separator).map((part) => {
    last = last.slice(0, part.charCodeAt(0) - 0x20) + part.slice(1);
    return last;
  });
}

function sharedLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length, sharedMax);
  let length = 0;
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}
