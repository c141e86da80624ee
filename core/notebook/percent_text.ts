import { dumpJson } from "../python/json.ts";
import type { PythonValue } from "../python/value.ts";
import { blankLinesBetween } from "./blank_lines.ts";
import { cellLanguage, isPython } from "./cell_language.ts";
import { withMagicsCommented } from "./magics.ts";
import type { Cell } from "./notebook.ts";

/** What Jupyter notes of cells that says nothing of their work. */
const ignored = new Set([
  "autoscroll",
  "collapsed",
  "scrolled",
  "trusted",
  "execution",
  "ExecuteTime",
  "skipline",
  "noskipline",
  "cell_marker",
  "lines_to_next_cell",
  "lines_to_end_of_cell_marker",
]);

/**
 * A notebook as a script with its cells behind `# %%`, to the letter as jupytext writes it in the
 * format py:percent and LaminDB stores it (COMPAT §6.4): without what is noted of the notebook as a
 * whole, and with `#` in place of its title, since that may change.
 */
export function percentText(cells: readonly Cell[], title: string | undefined): string {
  const texts = withoutHeader(cells).map((cell) => ({ cell, lines: linesOf(cell) }));
  let lines: string[] = [];
  for (const { cell, lines: own } of texts.reverse()) {
    const wanted = Number(cell.metadata.get("lines_to_next_cell") ?? -1);
    const blank = wanted >= 0 ? wanted : blankLinesBetween(own, lines);
    lines = [...own, ...Array<string>(blank).fill(""), ...lines];
  }
  // What LaminDB looks for where there is no title is what Python prints for none.
  return lines.join("\n").replaceAll(`# # ${title ?? "None"}`, "#");
}

/** A first cell in YAML is noted of the notebook as a whole. */
function withoutHeader(cells: readonly Cell[]): readonly Cell[] {
  const [first, ...others] = cells;
  if (first?.type !== "raw") return cells;
  const lines = first.source.replace(/^[\n\t ]+|[\n\t ]+$/g, "").split("\n");
  const isMark = (line: string) => /^---\s*$/.test(line);
  return lines.length >= 2 && isMark(lines[0]!) && isMark(lines.at(-1)!) ? others : cells;
}

function linesOf(cell: Cell): string[] {
  const metadata = new Map(
    [...cell.metadata].filter(([name, value]) =>
      /^[a-zA-Z0-9_.@/-]+$/.test(name) && !ignored.has(name) &&
      !(name === "tags" && Array.isArray(value) && value.length === 0)
    ),
  );
  const { language, args, lines } = cellLanguage(sourceLines(cell.source));
  if (args !== "") metadata.set("magic_args", args);
  if (language !== undefined) metadata.set("language", language);
  const used = language ?? textOf(cell.metadata.get("language")) ?? "python";
  const tag = tags(cell).find((one) => one.startsWith("active-"));
  const isCode = cell.type === "code" || tag !== undefined ||
    cell.type === "raw" && Boolean(textOf(metadata.get("active")));
  if (cell.type === "raw" && metadata.get("active") === "") metadata.delete("active");
  const runs = isActive(cell, metadata, tag, isPython(used));
  if (!isCode) metadata.set("cell_type", cell.type);
  const isText = !isCode || !runs;
  const firstLine = lines[0] ?? "";
  const indent = isText || firstLine.trim() === "" ? "" : /^\s*/.exec(firstLine)![0];
  const mark = `${indent}# %%${options(metadata)}`;
  if (isText) return [mark, ...lines.map((line) => line === "" ? "#" : `# ${line}`)];
  return lines.length === 1 && lines[0] === "" ? [mark] : [mark, ...withMagicsCommented(lines)];
}

function isActive(
  cell: Cell,
  metadata: ReadonlyMap<string, PythonValue>,
  tag: string | undefined,
  otherwise: boolean,
): boolean {
  const control = cell.metadata.get("run_control");
  if (control instanceof Map && control.get("frozen") === true) return false;
  if (tag !== undefined) return tag.split("-").includes("py");
  const active = textOf(metadata.get("active"));
  return active === undefined ? otherwise : active.split(/[.,]/).includes("py");
}

/** What stands behind `# %%`: a title, the type of the cell, and all else that is noted. */
function options(metadata: Map<string, PythonValue>): string {
  const words: string[] = [];
  const take = (name: string) => {
    const value = textOf(metadata.get(name));
    metadata.delete(name);
    return value;
  };
  const depth = Number(metadata.get("cell_depth") ?? 0);
  metadata.delete("cell_depth");
  const title = take("title");
  if (title !== undefined) words.push(title);
  if (depth > 0) words.unshift("%".repeat(depth));
  if (metadata.has("cell_type")) {
    const type = take("cell_type");
    words.push(`[${take("region_name") ?? type}]`);
  }
  const [first, ...others] = [
    words.join(" "),
    ...[...metadata].map(([name, value]) => value === null ? name : `${name}=${dumpJson(value)}`),
  ];
  const text = [...(first === "" ? [] : [first]), ...others].join(" ");
  return text === "" || text.startsWith("%") ? text : ` ${text}`;
}

function tags({ metadata }: Cell): string[] {
  const list = metadata.get("tags");
  return Array.isArray(list) ? list.filter((tag) => typeof tag === "string") : [];
}

function textOf(value: PythonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Lines as Python splits them; after a last line end there is one more. */
function sourceLines(source: string): string[] {
  // deno-lint-ignore no-control-regex -- these are Python's line ends
  const lines = source.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  const isLast = lines.length > 1 && lines.at(-1) === "" && !source.endsWith("\n");
  return isLast ? lines.slice(0, -1) : lines;
}
