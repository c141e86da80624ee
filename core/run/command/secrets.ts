import type { Host } from "../../../store/host/host.ts";
import { isSensitiveName } from "../secret_names.ts";
import { redactWords } from "../redact.ts";

/**
 * Texts that a command may print and that must not be kept: values of variables whose names tell
 * that they are secret, and words of the command that are left out of what is recorded.
 */
export function secretsOf(host: Host, command: readonly string[]): string[] {
  const values = host.environmentNames().filter(isSensitiveName)
    .flatMap((name) => host.environment(name) ?? []);
  const kept = redactWords(command);
  const hidden = command.flatMap((word, index) =>
    word === kept[index] ? [] : [word, word.slice(word.search(/[=:]/) + 1)]
  );
  return [...new Set([...values, ...hidden])];
}
