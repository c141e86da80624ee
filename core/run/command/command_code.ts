import { FileError, type Host } from "../../../store/host/host.ts";
import { basename, relativeTo, resolve } from "../../../store/path.ts";
import { redactSource } from "../redact.ts";
import type { TransformWanted } from "../../transform/transform_wanted.ts";
import { type Interpreter, interpreterOf, programPosition } from "./programs.ts";

/** The code that a command runs: what there is of it to make a transform of. */
export interface CommandCode extends Pick<TransformWanted, "key" | "kind"> {
  readonly source?: string;
  /** Absolute path of the file that has it. */
  readonly path?: string;
}

/** Longer files are no code that somebody wrote. */
const sourceMax = 4 * 1024 * 1024;
/** Signs of code in a word that become a key. */
const inlineKeyMax = 80;

const notebooks = /\.(ipynb|Rmd|qmd)$/;

/**
 * Finds the code of a command: the script that it names, the code in one of its words, or else the
 * program alone, which is known by its name. `folder` is where it runs; a key is the path relative
 * to `root`, as Python gives it (COMPAT §6.3), or the name of a file elsewhere.
 */
export function commandCode(
  host: Host,
  { root, folder }: { readonly root: string; readonly folder: string },
  command: readonly string[],
): CommandCode {
  const position = programPosition(command);
  const program = command[position]!;
  const name = basename(program);
  const interpreter = interpreterOf(name);
  const place = { host, root, folder };
  if (interpreter === undefined) {
    return (program.includes("/") ? codeIn(place, program, "script") : undefined) ??
      { key: name, kind: "pipeline" };
  }
  const kind = interpreter.kind ?? "script";
  const found = codeWord(interpreter, command.slice(position + 1));
  if (found?.inline !== undefined) return inlineCode(name, found.option, found.inline);
  const files = found?.file !== undefined
    ? [found.file]
    : found?.module !== undefined
    ? modulePaths(found.module)
    : interpreter.defaults ?? [];
  for (const file of files) {
    const code = codeIn(place, file, kind);
    if (code !== undefined) return code;
  }
  return { key: found?.module ?? name, kind: "pipeline" };
}

interface CodeWord {
  readonly option: string;
  readonly inline?: string;
  readonly file?: string;
  readonly module?: string;
}

/** The word of a command in which its code stands or is named. */
function codeWord(interpreter: Interpreter, words: readonly string[]): CodeWord | undefined {
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const next = words[index + 1];
    const [option, value] = splitOption(word);
    if (interpreter.inline.includes(word)) {
      return next === undefined ? undefined : { option: word, inline: next };
    }
    if (interpreter.file?.includes(option)) {
      const file = value ?? next;
      return file === undefined ? undefined : { option, file };
    }
    if (word === "-m" && next !== undefined) return { option: word, module: next };
    if (interpreter.withValue.includes(word)) index++;
    else if (word.startsWith("-") || interpreter.before?.includes(word)) continue;
    else if (interpreter.file === undefined) return { option: "", file: word };
  }
  return undefined;
}

function splitOption(word: string): [option: string, value?: string] {
  const sign = word.startsWith("--") ? word.indexOf("=") : -1;
  return sign < 0 ? [word] : [word.slice(0, sign), word.slice(sign + 1)];
}

function modulePaths(module: string): string[] {
  const path = module.replaceAll(".", "/");
  return [`${path}.py`, `${path}/__main__.py`, `src/${path}.py`, `src/${path}/__main__.py`];
}

/** A line of code has no name: it goes by its beginning. */
function inlineCode(program: string, option: string, source: string): CommandCode {
  const line = redactSource(source).replace(/\s+/g, " ").trim();
  const signs = Array.from(line);
  const start = signs.length > inlineKeyMax
    ? `${signs.slice(0, inlineKeyMax - 1).join("")}…`
    : line;
  return { key: `${program} ${option} '${start}'`, kind: "script", source };
}

interface Place {
  readonly host: Host;
  readonly root: string;
  readonly folder: string;
}

/** The code in a file; undefined where there is none that can be read as text. */
function codeIn(
  { host, root, folder }: Place,
  file: string,
  kind: "script" | "pipeline",
): CommandCode | undefined {
  const path = resolve(folder, file);
  const source = textOf(host, path);
  if (source === undefined) return undefined;
  const real = host.files.realPath(path);
  const key = relativeTo(root, real) ?? relativeTo(root, path) ?? basename(path);
  return { key, kind: notebooks.test(path) ? "notebook" : kind, source, path: real };
}

function textOf({ files }: Host, path: string): string | undefined {
  try {
    const stat = files.stat(path);
    if (stat?.kind !== "file" || stat.size > sourceMax) return undefined;
    const text = new TextDecoder("utf-8", { fatal: true }).decode(files.readFile(path));
    return text.includes("\0") ? undefined : text;
  } catch (error) {
    if (error instanceof FileError || error instanceof TypeError) return undefined;
    throw error;
  }
}
