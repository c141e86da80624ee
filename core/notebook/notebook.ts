import { LaminError } from "../../store/errors.ts";
import { parseJson } from "../python/parse_json.ts";
import { isPythonDict, type PythonDict, type PythonValue } from "../python/value.ts";

/** One cell of a notebook. */
export interface Cell {
  readonly type: "code" | "markdown" | "raw";
  readonly source: string;
  readonly metadata: PythonDict;
  /** When the cell ran last among all, if it did; only of code. */
  readonly executionCount: number | null;
  /** What code printed and showed, as Jupyter keeps it; none of other cells. */
  readonly outputs: readonly PythonDict[];
}

/**
 * Reads the cells of a notebook in Jupyter's format 4, the one in use since 2015. Throws code
 * "failed" for what is none.
 */
export function readNotebook(text: string, path: string): Cell[] {
  const notebook = parsed(text);
  const version = notebook?.get("nbformat");
  const cells = notebook?.get("cells");
  if (typeof version === "bigint" && version < 4n) {
    throw new LaminError("failed", `${path} is a notebook of an old format`, {
      hint: "open and save it in Jupyter, which brings it up to date",
      data: { path },
    });
  }
  if (!Array.isArray(cells)) {
    throw new LaminError("failed", `${path} is no notebook of Jupyter`, { data: { path } });
  }
  return cells.filter(isPythonDict).map(cellOf);
}

/** The first heading of the first level; what LaminDB describes a notebook with. */
export function notebookTitle(cells: readonly Cell[]): string | undefined {
  for (const { type, source } of cells) {
    if (type !== "markdown") continue;
    const line = source.split("\n").find((line) => line.startsWith("# "));
    if (line !== undefined) return line.replace(/^#+/, "").replace(/^[ .]+|[ .]+$/g, "");
  }
  return undefined;
}

/** Whether the cells ran one after the other from the first, but for those that end tracking. */
export function isConsecutive(cells: readonly Cell[]): boolean {
  const counts = cells
    .filter(({ type, source }) => type === "code" && source !== "" && !source.includes(".finish("))
    .map(({ executionCount }) => executionCount);
  if (counts.at(-1) === null) counts.pop();
  return counts.every((count, index) => count === index + 1);
}

function parsed(text: string): PythonDict | undefined {
  try {
    const value = parseJson(text);
    return isPythonDict(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function cellOf(cell: PythonDict): Cell {
  const type = cell.get("cell_type");
  const metadata = cell.get("metadata") ?? null;
  const count = cell.get("execution_count");
  return {
    type: type === "markdown" || type === "raw" ? type : "code",
    source: joined(cell.get("source")),
    metadata: isPythonDict(metadata) ? metadata : new Map(),
    outputs: dictsOf(cell.get("outputs")),
    executionCount: typeof count === "bigint" || typeof count === "number" ? Number(count) : null,
  };
}

function dictsOf(value: PythonValue | undefined): PythonDict[] {
  return Array.isArray(value) ? value.filter(isPythonDict) : [];
}

/** A text of a notebook, which is whole or in lines; empty where there is none. */
export function joined(source: PythonValue | undefined): string {
  if (typeof source === "string") return source;
  return Array.isArray(source) ? source.filter((line) => typeof line === "string").join("") : "";
}
