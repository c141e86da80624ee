/**
 * Folders of lamin and of version control: they never hold data, and run or decide something when
 * they are written to.
 */
export const reservedFolders: ReadonlySet<string> = new Set([
  ".lamindb",
  ".lamin",
  ".git",
  ".hg",
  ".jj",
  ".svn",
]);

/**
 * The short names that NTFS and FAT give to these folders: `GIT~1`, or with a hash in it
 * `GI7EBA~1`.
 */
const shortNames = /^(?:git|hg|jj|svn|lamin|lamind|(?:gi|hg|jj|sv|la)[0-9a-f]{4})~[0-9]+$/;

/** Devices of Windows, which answer with and without a suffix, in every folder. */
const devices = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9]|conin\$|conout\$|clock\$) *(?:\..*)?$/s;

/**
 * Why no file or folder of this name may be written into a folder of the user, null when it may.
 * One rule for all systems: Windows drops dots and spaces at the end and has short names, macOS and
 * some Linux file systems ignore case and code points without width.
 */
export function reservedName(segment: string): string | null {
  if (/[. ]$/.test(segment)) return "Windows drops a dot or a space at the end of a name";
  const folded = fold(segment);
  if (reservedFolders.has(folded) || shortNames.test(folded)) {
    return "the name belongs to lamin or to a version control program";
  }
  return devices.test(folded) ? "Windows has a device of this name" : null;
}

/**
 * The name as the most forgetful file system sees it: without ignorable code points, wide and
 * superscript letters as plain ones, without case and without dots and spaces at the end.
 */
function fold(segment: string): string {
  const isPlain = /^[ -~]*$/.test(segment);
  if (isPlain) return segment.toLowerCase(); // nearly all names; the rest costs much more
  return segment
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .normalize("NFKC")
    .toUpperCase() // also turns ſ into S, as case folding does
    .toLowerCase()
    .replace(/[. ]+$/, "");
}
