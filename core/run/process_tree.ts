import { FileError, type Host } from "../../store/host/host.ts";
import { processMark } from "../../store/objects/process_mark.ts";
import { ifThere } from "../../store/objects/if_there.ts";
import { basename } from "../../store/path.ts";

/** A process above this one. */
export interface Ancestor {
  readonly number: number;
  /** By which it is told from others (store/objects/process_mark.ts). */
  readonly mark: string;
}

/** The processes above this one, the nearest first; none where the system does not tell. */
export function* ancestors(host: Host): Generator<Ancestor> {
  if (host.platform !== "linux") return;
  let number: number | undefined = parentOf(host, host.processId());
  for (; number !== undefined && number > 0; number = parentOf(host, number)) {
    yield { number, mark: processMark(host, number) };
  }
}

/** The words that a process was started with; none where that is not told. */
export function wordsOf(host: Host, number: number): string[] {
  return textOf(host, `/proc/${number}/cmdline`)?.split("\0").slice(0, -1) ?? [];
}

/** Where a shell reads the script of this name, which it keeps open, as far as the system tells. */
export function openScript({ files }: Host, number: number, name: string): string | undefined {
  try {
    for (const descriptor of files.readNames(`/proc/${number}/fd`)) {
      const path = ifThere(() => files.readLink(`/proc/${number}/fd/${descriptor}`));
      if (path !== undefined && basename(path) === basename(name)) return path;
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
  return undefined;
}

/** Whether words start a shell. */
export function isShell(words: readonly string[]): boolean {
  const name = basename(words[0] ?? "").replace(/^-/, "");
  return /^(sh|bash|dash|zsh|ksh|mksh|fish|ash|busybox)$/.test(name);
}

function parentOf(host: Host, number: number): number | undefined {
  const text = textOf(host, `/proc/${number}/stat`);
  if (text === undefined) return undefined;
  // After the program's name in parentheses, which may hold anything: state and parent.
  const parent = Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  return Number.isSafeInteger(parent) ? parent : undefined;
}

function textOf({ files }: Host, path: string): string | undefined {
  try {
    return new TextDecoder().decode(files.readFile(path));
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
