import type { Host } from "../../../store/host/host.ts";
import { isSensitiveName } from "../secret_names.ts";
import { redactSource, redactWords } from "../redact.ts";

/**
 * Texts that a command may print and that must not be kept: values of variables whose names tell
 * that they are secret, and what is left out of the words of the command and of its code.
 */
export function secretsOf(
  host: Host,
  command: readonly string[],
  source: string | undefined,
): string[] {
  const values = host.environmentNames().filter(isSensitiveName)
    .flatMap((name) => host.environment(name) ?? []);
  const kept = redactWords(command);
  const hidden = command.flatMap((word, index) =>
    word === kept[index] ? [] : [word, word.slice(word.search(/[=:]/) + 1)]
  );
  return [...new Set([...values, ...hidden, ...hiddenIn(source ?? "")])];
}

/** Texts in code that are not in what is stored of it. */
function hiddenIn(source: string): string[] {
  const stored = redactSource(source);
  if (stored === source) return [];
  const texts = (code: string) => new Set(code.match(/[^\s"'`=;,()<>|&{}[\]]+/g));
  return [...texts(source).difference(texts(stored))];
}
