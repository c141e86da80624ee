import type { Host } from "../../../store/host/host.ts";
import { isAbsolute, join } from "../../../store/path.ts";

/** A program of a command, as far as it can be told from its words. */
export interface Program {
  /** Last part of its name, such as `python3`. */
  readonly name: string;
  /** Where it is; undefined if it is not in the search path, as a function of a shell. */
  readonly path: string | undefined;
}

/** Programs that run another one, which comes after options, numbers and settings of variables. */
const wrappers = /^(env|nice|nohup|time|timeout|stdbuf|ionice|command|exec|caffeinate|setsid)$/;

/** Programs that take their work from a text or a file in the language of shells. */
const shells = /^(sh|bash|dash|zsh|ksh|fish)$/;

/** What is looked for in the text of a shell: names that say what else matters for the result. */
const interpreters =
  /(?:^|[\s;&|(/])(python[\d.]*|Rscript|R|node|deno|bun|julia|perl|uv|pixi|quarto)(?=\s)/g;

/** Longer scripts are not looked into. */
const scriptMax = 1024 * 1024;

/**
 * The programs on which the result of a command depends: what it starts, the interpreter in the
 * first line of that where it is a script, and the interpreters that a shell script mentions.
 */
export function programsOf(host: Host, words: readonly string[], folder: string): Program[] {
  const own = withoutWrappers(words);
  if (own.length === 0) return [];
  const program = programAt(host, own[0]!, folder);
  const found = [program, ...shebang(host, program, folder)];
  const names = found.some(({ name }) => shells.test(name))
    ? mentioned(shellText(host, own, program, folder))
    : [];
  found.push(...names.map((name) => programAt(host, name, folder)));
  return found.filter(({ name }, index) =>
    found.findIndex((other) => other.name === name) === index
  );
}

/** The words from the program on that a wrapper such as `env` or `nice` runs. */
export function withoutWrappers(words: readonly string[]): readonly string[] {
  if (words.length === 0 || !wrappers.test(baseName(words[0]!))) return words;
  const next = words.findIndex((word, index) =>
    index > 0 && !/^-|^[\d.]+[smhd]?$|^\w+=/.test(word)
  );
  return next === -1 ? words : withoutWrappers(words.slice(next));
}

function programAt(host: Host, word: string, folder: string): Program {
  const path = word.includes("/")
    ? isAbsolute(word) ? word : join(folder, word)
    : inSearchPath(host, word);
  return { name: baseName(word), path };
}

/** The first file of this name in the folders of PATH. */
export function inSearchPath(host: Host, name: string): string | undefined {
  const isWindows = host.platform === "windows";
  const folders = (host.environment("PATH") ?? "").split(isWindows ? ";" : ":");
  const endings = isWindows ? ["", ".exe", ".bat", ".cmd"] : [""];
  return folders.filter(isAbsolute)
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .find((path) => {
      const stat = host.files.stat(path);
      return stat?.kind === "file" && (isWindows || (stat.mode & 0o111) !== 0);
    });
}

/** The interpreter that the first line of a script names. */
function shebang(host: Host, { path }: Program, folder: string): Program[] {
  const start = path === undefined ? "" : beginning(host, path, 256);
  const line = /^#!\s*([^\r\n]+)/.exec(start)?.[1];
  const words = line === undefined ? [] : withoutWrappers(line.trim().split(/\s+/));
  return words.length === 0 ? [] : [programAt(host, words[0]!, folder)];
}

/** What a shell is to do: the text behind `-c`, a script that it is given, or the program. */
function shellText(
  host: Host,
  words: readonly string[],
  { name, path }: Program,
  folder: string,
): string {
  if (!shells.test(name)) return path === undefined ? "" : beginning(host, path, scriptMax);
  const inline = words.findIndex((word) => /^-\w*c$/.test(word));
  if (inline !== -1) return words[inline + 1] ?? "";
  const script = words.slice(1).find((word) => !word.startsWith("-"));
  if (script === undefined) return "";
  return beginning(host, isAbsolute(script) ? script : join(folder, script), scriptMax);
}

function mentioned(text: string): string[] {
  return [...new Set([...text.matchAll(interpreters)].map((match) => match[1]!))];
}

/** The first bytes of a file as text; none of what is no file or cannot be read. */
function beginning(host: Host, path: string, count: number): string {
  try {
    if (host.files.stat(path)?.kind !== "file") return "";
    const file = host.files.open(path, { read: true });
    try {
      const buffer = new Uint8Array(count);
      return new TextDecoder().decode(buffer.subarray(0, file.read(buffer)));
    } finally {
      file.close();
    }
  } catch {
    return "";
  }
}

function baseName(word: string): string {
  return word.split(/[\\/]/).at(-1)!.replace(/\.exe$/i, "");
}
