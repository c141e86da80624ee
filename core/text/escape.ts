/**
 * What a terminal would obey or a reader would not see: control characters (C0, DEL, C1),
 * surrogates without a partner, code points that turn the writing direction, line separators, and
 * code points without width that hide a difference. Joiners stay, since scripts and emoji need
 * them.
 */
const unsafe =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{ad}\u{61c}\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{e0000}-\u{e007f}]/u;

const allUnsafe = new RegExp(unsafe.source, "gu");

/**
 * The text with all that could move the cursor, change colours, reorder or hide characters shown
 * instead: `\x1b` for control characters, `\u{202e}` for the rest. For people, not for reading
 * back: a backslash stays as it is.
 */
export function escapeForTerminal(text: string): string {
  return unsafe.test(text) ? text.replace(allUnsafe, visible) : text;
}

const styleOrUnsafe = new RegExp(`\\x1b\\[[\\d;]*m|${unsafe.source}`, "gu");

/**
 * The same for text of several lines that was laid out already: line ends and tabs stay, and with
 * `styled` so do codes that set colours and weights.
 */
export function escapeLines(text: string, styled: boolean): string {
  if (!unsafe.test(text)) return text;
  return text.replace(styled ? styleOrUnsafe : allUnsafe, (found) => {
    const stays = found === "\n" || found === "\t" || found.length > 2;
    return stays ? found : visible(found);
  });
}

function visible(character: string): string {
  const code = character.codePointAt(0)!;
  const digits = code.toString(16);
  return code <= 0x9f ? `\\x${digits.padStart(2, "0")}` : `\\u{${digits}}`;
}
