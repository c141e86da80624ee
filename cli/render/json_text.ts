/**
 * What JSON lets stand and a terminal obeys or hides: DEL, C1, and what turns or hides characters.
 */
const commanding = /[\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

const allCommanding = new RegExp(commanding.source, "g");

/**
 * A value as JSON, one line unless `indent` says otherwise, that means the same and does nothing to
 * a terminal.
 */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  if (!commanding.test(text)) return text;
  return text.replace(
    allCommanding,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
