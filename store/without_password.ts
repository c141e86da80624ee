/** A URL without the password, wherever it stands; also where one has signs that split URLs. */
export function withoutPassword(url: string): string {
  const port = "(?!\\d*(?:[/?#]|$))";
  return url
    .replace(new RegExp(`^([a-z][a-z0-9+.-]*://[^:/?#@]*):${port}.*@`, "i"), "$1@")
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/?#@]*):[^/?#]*@(?=[^@/?#]*(?:[/?#]|$))/i, "$1@")
    .replace(/([?&]password=)[^&#]*/gi, "$1…");
}
