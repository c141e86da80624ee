import { withoutAssignedSecrets } from "./secret_assignments.ts";
import { isSensitiveName } from "./secret_names.ts";
import { isReference, redacted, withoutKnownSecrets } from "./secret_shapes.ts";

export { redacted } from "./secret_shapes.ts";
export { LogRedactor } from "./redact_log.ts";

/**
 * Source code without secrets: what LaminDB takes out (COMPAT §6.1), and what shells, other
 * languages and headers have. What only refers to a secret stays.
 */
export function redactSource(text: string): string {
  return withoutFlagValues(withoutShellSecrets(
    withoutKnownSecrets(withoutAssignedSecrets(text)),
  ));
}

/** The words of a command without secrets: values of options, of variables, of headers, of URLs. */
export function redactWords(words: readonly string[]): string[] {
  return words.map((word, index) => {
    const before = words[index - 1];
    if (before !== undefined && isSecretAfter(before, word)) return redacted;
    const login = before === "-u" || before === "--user" ? /^([^:\s]+):(?!\d+$)./.exec(word) : null;
    if (login !== null) return `${login[1]}:${redacted}`;
    const set = /^(-{0,2})([A-Za-z_][\w.-]*)([=:]\s*)(.+)$/s.exec(word);
    if (set !== null && isSensitiveName(set[2]!) && !isReference(set[4]!)) {
      return `${set[1]}${set[2]}${set[3]}${redacted}`;
    }
    return redactSource(word);
  });
}

/** A value that goes by this name, as a parameter of a run, without secrets at any depth. */
export function redactValue(name: string, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (isSensitiveName(name)) return redacted;
  if (typeof value === "string") return redactSource(value);
  if (Array.isArray(value)) return value.map((item) => redactValue("", item));
  if (typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, redactValue(key, inner)]),
  );
}

/** Whether a word is the secret that the option before it takes, as in `--token abc`. */
function isSecretAfter(option: string, word: string): boolean {
  if (word.startsWith("-") || word === "" || isReference(word)) return false;
  const name = /^--?([A-Za-z][\w.-]*)$/.exec(option)?.[1];
  return name !== undefined &&
    (isSensitiveName(name) || /^pass$/.test(name) && !/^\d+$/.test(word));
}

/** `export API_KEY=…` and `API_KEY=… command` at the start of a line. */
function withoutShellSecrets(source: string): string {
  return source.replace(
    /^([ \t]*(?:(?:export|set|setenv|declare -x|ENV)[ \t]+)?)([A-Za-z_]\w{0,100})(=)([^\s"'`()[\]{},;&|]{4,})(?=[\s;&|]|$)/gm,
    (all, start, name, sign, value) =>
      isSensitiveName(name) && !isReference(value) && !value.startsWith("$")
        ? start + name + sign + redacted
        : all,
  );
}

/** `--token abc` and `--token=abc` in a line of a script. */
function withoutFlagValues(source: string): string {
  return source.replace(
    /(?<![\w-])(--([A-Za-z][\w-]{0,100})(?:=|[ \t]+))([^\s"'`$<>()[\]{},;&|-][^\s"'`()[\]{},;&|]*)/g,
    (all, start, name, value) =>
      isSensitiveName(name) && !isReference(value) && value !== redacted ? start + redacted : all,
  );
}
