/** Longest owner or name, in bytes of UTF-8: both go into one name of a settings file. */
const bytesMax = 150;

/** Whether a text may be the owner or the name in a slug, and so part of the names of files. */
export function isSlugPart(text: string | undefined): text is string {
  return text !== undefined &&
    /^(?!\.)[^/\\\s\p{Cc}]+$/u.test(text) && new TextEncoder().encode(text).length <= bytesMax;
}

/**
 * Whether an instance may be given this name: besides, nobody should mistake it, be it a person,
 * who does not see some characters, or LaminDB, which has `--` between owner and name, and
 * `null` for no name.
 */
export function isNewName(text: string): boolean {
  return isSlugPart(text) && text !== "null" && !/\p{Cf}|--/u.test(text) && text.isWellFormed();
}
