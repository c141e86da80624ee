import { contentFiles } from "../../core/artifact/open_content.ts";
import { pickFile } from "../../core/artifact/pick_file.ts";
import type { Row, TableColumn } from "../../core/diff/table_reader.ts";
import { headOf } from "../../core/head/head.ts";
import { resolveMember } from "../../core/reference/resolve_member.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { count, text } from "../flags.ts";
import type { Json, JsonObject, Output } from "../output.ts";
import { renderTable } from "../render/table.ts";
import { noteRead } from "../run/note_read.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly rows?: number;
  readonly path?: string;
}

/** How many rows or lines are shown unless told otherwise. */
const defaultCount = 10;

export default verb<Flags>({
  description: [
    "Shows the first rows of a table (parquet, csv, tsv) or the first lines of a text. Of what is large",
    "only that part is read, also from a server, and so cannot be compared with the recorded hash:",
    "a note says so. With --json and --format each row is an object with a field for each column.",
  ].join("\n"),
  examples: [
    ["lamin head pbmc/obs.parquet", "the first 10 rows"],
    ["lamin head raw/counts.csv@1 -n 3 --json", "three rows of an older version, for a program"],
    ["lamin head screen.zarr --path .zattrs", "a file in a folder artifact"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.denied, exitCode.damaged],
  flags: {
    rows: count("count", `How many rows or lines, ${defaultCount} unless given`),
    path: text("file", "The file in a folder artifact"),
  },
  aliases: { n: "rows" },
  arguments: {
    brief: "What to look into",
    placeholder: "reference",
    minimum: 1,
    maximum: 1,
    completes: "reference",
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, [reference]: readonly string[]) {
  const instance = await context.instance();
  const { row, member } = await instance.database.read((reader) =>
    resolveMember(instance, reader, reference!)
  );
  const file = pickFile(row, await contentFiles(instance, row), flags.path ?? member);
  const { allFormats } = await import("../formats.ts");
  const { beginning, isChecked } = await headOf(
    instance,
    allFormats(context.host),
    row,
    file,
    flags.rows ?? defaultCount,
  );
  await noteRead(context, instance, "head", { artifacts: [row.id] });
  const { output } = context;
  if (beginning.kind === "rows") {
    const { columns, rows } = beginning;
    output.results(rows.map((one) => rowJson(columns, one)), () => table(columns, rows, output));
  } else {
    const { lines } = beginning;
    output.results(
      lines.map((line, index) => ({ line: index + 1, text: wellFormed(line) })),
      () => lines.map((line) => output.safe(line)).join("\n"),
    );
  }
  if (!isChecked) output.note("only a part was read: it was not compared with the recorded hash");
}

function rowJson(columns: readonly TableColumn[], row: Row): JsonObject {
  return Object.fromEntries(columns.map((column, index) => [
    wellFormed(column.name),
    cellJson(column, row[index] ?? null),
  ]));
}

/** Numbers that a program would read as another one stay text. */
function cellJson({ number }: TableColumn, cell: string | null): Json {
  if (cell === null) return null;
  const value = Number(cell);
  const isSame = number !== undefined && Number.isFinite(value) && String(value) === cell;
  return isSame ? value : wellFormed(cell);
}

/** Bytes that are no UTF-8 came as lone surrogates. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}

function table(
  columns: readonly TableColumn[],
  rows: readonly Row[],
  { safe, width, paint }: Output,
): string {
  if (columns.length === 0) return "";
  return renderTable(
    columns.map(({ name, number }) => ({
      title: safe(name),
      ...(number === undefined ? {} : { align: "right" as const }),
    })),
    rows.map((row) => columns.map((_, index) => safe(row[index] ?? ""))),
    { width, paint },
  );
}
