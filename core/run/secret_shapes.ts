/** What stands in place of a secret, as in LaminDB. */
export const redacted = "***REDACTED***";

/** A kind of secret: how it looks, and a text that is in each one, for which one looks first. */
type Shape = readonly [sign: string, pattern: RegExp];

/** Secrets that are known by how they look, wherever they stand. */
const shapes: readonly Shape[] = [
  [
    "PRIVATE KEY-----",
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
  ],
  // GitHub, GitLab, npm, PyPI.
  ["gh", /\bgh[pousr]_[A-Za-z0-9]{30,}/g],
  ["github_pat_", /\bgithub_pat_[A-Za-z0-9_]{30,}/g],
  ["glpat-", /\bglpat-[\w-]{20,}/g],
  ["npm_", /\bnpm_[A-Za-z0-9]{36}/g],
  ["pypi-", /\bpypi-[\w-]{40,}/g],
  // Amazon, Google, Azure.
  ["AKIA", /\bAKIA[A-Z0-9]{16}\b/g],
  ["ASIA", /\bASIA[A-Z0-9]{16}\b/g],
  ["AIza", /\bAIza[\w-]{35}/g],
  ["ya29.", /\bya29\.[\w-]{20,}/g],
  ["AccountKey=", /(?<=AccountKey=)[A-Za-z0-9+/=]{40,}/g],
  // Models and their hubs.
  ["sk-", /\bsk-[\w-]{20,}/g],
  ["hf_", /\bhf_[A-Za-z0-9]{30,}/g],
  // Slack, Stripe, and tokens of three parts that say of themselves that they are some.
  ["xox", /\bxox[abeprs]-[\w-]{10,}/g],
  ["k_", /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g],
  ["eyJ", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g],
];

/** Secrets behind what says so, which stays: headers of HTTP, passwords and parameters of URLs. */
const places: readonly Shape[] = [
  ["Bearer", /\b(Bearer\s{1,4})([\w.~+/=-]{8,})/g],
  ["Basic", /\b(Basic\s{1,4})([\w.~+/=-]{8,})/g],
  ["Token", /\b(Token\s{1,4})([\w.~+/=-]{8,})/g],
  // Up to the last `@`: there may be signs in it that should be escaped.
  [
    "://",
    /((?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@"'`]{0,200}:)([^\s/"'`]{1,500})(?=@)/gi,
  ],
  [
    "=",
    /([?&](?:[\w-]{0,40}(?:token|secret|password|api_?key|signature)|sig|key)=)([^\s&#"'`<>]+)/gi,
  ],
];

/** The text without what is known as a secret by its looks alone. */
export function withoutKnownSecrets(text: string): string {
  let result = text;
  for (const [sign, pattern] of shapes) {
    if (result.includes(sign)) result = result.replace(pattern, redacted);
  }
  for (const [sign, pattern] of places) {
    if (!result.includes(sign)) continue;
    result = result.replace(
      pattern,
      (all, start: string, value: string) =>
        isReference(value) || isWord(start, value) ? all : start + redacted,
    );
  }
  return result;
}

/** `Basic statistics` in a sentence. */
function isWord(start: string, value: string): boolean {
  return /\s$/.test(start) && /^[A-Za-z]+[.,]?$/.test(value);
}

/** Whether a value only names a variable that holds it: what is stored then works as before. */
export function isReference(value: string): boolean {
  return /^(?:\$\w+|\$?\{[^}]*\}|\$\(.*\)|%\w+%|<[^>]*>|\*+)$/.test(value);
}
