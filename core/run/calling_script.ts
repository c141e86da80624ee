import { resolve } from "../../store/path.ts";
import type { Host } from "../../store/host/host.ts";
import { type CommandCode, commandCode } from "./command/command_code.ts";
import { ancestors, isShell, openScript, wordsOf } from "./process_tree.ts";

/** The shell that called this program, and the code that it runs. */
export interface CallingShell {
  /** By which the shell is known (store/objects/process_mark.ts). */
  readonly mark: string;
  readonly words: readonly string[];
  readonly code: CommandCode;
}

/**
 * The shell above this process and its script. `$(lamin track)` runs in a copy of the shell, which
 * is gone soon: of shells above each other with the same words the first one is meant. Undefined
 * where the system does not tell, or there is none.
 */
export function callingShell(host: Host, root: string): CallingShell | undefined {
  let shell: { number: number; mark: string; words: readonly string[] } | undefined;
  for (const { number, mark } of ancestors(host)) {
    const words = wordsOf(host, number);
    if (shell === undefined ? isShell(words) : isSame(words, shell.words)) {
      shell = { number, mark, words };
    } else if (shell !== undefined) break;
  }
  if (shell === undefined || shell.mark === "") return undefined;
  return { mark: shell.mark, words: shell.words, code: codeOf(host, root, shell) };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}

/** The script may have changed its folder since it was named. */
function codeOf(
  host: Host,
  root: string,
  { number, words }: { readonly number: number; readonly words: readonly string[] },
): CommandCode {
  const folder = host.workingDirectory();
  const command = [words[0]!.replace(/^-/, ""), ...words.slice(1)];
  const code = commandCode(host, { root, folder }, command);
  const script = words.slice(1).find((word) => !word.startsWith("-"));
  if (code.source !== undefined || script === undefined) return code;
  const open = openScript(host, number, script);
  if (open === undefined) return code;
  return commandCode(host, { root, folder }, [command[0]!, resolve(folder, open)]);
}
