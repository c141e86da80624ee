import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { basename } from "../../../store/path.ts";
import { type Cell, notebookTitle, readNotebook } from "../../notebook/notebook.ts";
import { percentText } from "../../notebook/percent_text.ts";
import { uidInCode } from "./uid_in_code.ts";

/** Suffixes of files that hold code, as LaminDB's `lamin save` knows them (COMPAT §6.5). */
const suffixes = { script: [".py", ".R", ".sh"], notebook: [".ipynb", ".Rmd", ".qmd"] } as const;

/** A file of code, as it becomes a transform. */
export interface SourceFile {
  readonly path: string;
  readonly kind: "script" | "notebook";
  /** What is stored and hashed: of a notebook of Jupyter its text in py:percent. */
  readonly source: string;
  /** Title of a notebook. */
  readonly description?: string;
  /** As the code names it for itself. */
  readonly uid?: string;
  /** Of a notebook of Jupyter. */
  readonly cells?: readonly Cell[];
}

/** Whether a file of this name is saved as a transform, and as which kind. */
export function kindOfSource(path: string): SourceFile["kind"] | undefined {
  const suffix = suffixOfSource(path);
  return (["script", "notebook"] as const)
    .find((kind) => (suffixes[kind] as readonly string[]).includes(suffix));
}

/** The part of the name from its last dot on; case counts. */
export function suffixOfSource(path: string): string {
  return /[^/](\.[^./]+)$/.exec(basename(path))?.[1] ?? "";
}

/** Longer files are data. */
const sizeMax = 256 * 1024 * 1024;

/**
 * Reads a file of code. Throws code "usage" for one of another kind, "not_found", and "failed" for
 * what is no text or no notebook.
 */
export function readSource({ files }: Host, path: string): SourceFile {
  const kind = kindOfSource(path);
  if (kind === undefined) throw notCode(path);
  const stat = files.stat(path);
  if (stat === null) {
    throw new LaminError("not_found", `there is no file ${path}`, { data: { path } });
  }
  if (stat.kind !== "file" || stat.size > sizeMax) throw notCode(path);
  const text = decoded(files.readFile(path), path);
  const uid = uidInCode(text, suffixOfSource(path));
  const named = { path, kind, ...(uid === undefined ? {} : { uid }) };
  if (suffixOfSource(path) !== ".ipynb") {
    const title = kind === "notebook" ? yamlTitle(text) : undefined;
    return { ...named, source: text, ...(title === undefined ? {} : { description: title }) };
  }
  const cells = readNotebook(text, path);
  const title = notebookTitle(cells);
  const description = title === undefined ? {} : { description: title };
  return { ...named, source: percentText(cells, title), ...description, cells };
}

/** The title in the head of a notebook of R. */
function yamlTitle(text: string): string | undefined {
  return /^---\r?\n[\s\S]*?title:\s*"([^"]*)"[\s\S]*?---/m.exec(text)?.[1];
}

function decoded(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new LaminError("failed", `${path} is no text in UTF-8`, {
      hint: "'lamin save --registry artifact' records it as a file",
      data: { path },
    });
  }
}

function notCode(path: string): LaminError {
  const known = [...suffixes.script, ...suffixes.notebook].join(", ");
  return new LaminError("usage", `${path} cannot be saved as a transform`, {
    hint: `that is for files of code: ${known}`,
    data: { path },
  });
}
