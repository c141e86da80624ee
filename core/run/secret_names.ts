/** Words that make a name one of a secret, as LaminDB has them (COMPAT §6.1), and more of them. */
const words = new RegExp(
  "(^|[_\\-.])(api[_-]?key|access[_-]?key|secret|token|password|passwd|private[_-]?key" +
    "|client[_-]?secret|secrets|passphrase|credentials?|auth[_-]?key|account[_-]?key|pgpassword" +
    "|mysql[_-]?pwd|authorization|(db|user|smtp|ftp|http|admin|root|ssh)[_-]?pass)($|[_\\-.])",
);

/** Whether a variable, option or field of this name holds a secret. */
export function isSensitiveName(name: string): boolean {
  if (name.length > nameLengthMax) return false;
  const spaced = name
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  return words.test(spaced.toLowerCase());
}

/** Longer words are no names but data, and are not searched. */
export const nameLengthMax = 200;
