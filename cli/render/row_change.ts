import { recordTitle } from "../../core/operation/record_name.ts";
import type { RowChangeShown } from "../../core/operation/row_changes.ts";
import type { Json, JsonObject, Output } from "../output.ts";

/** A change of a row as `--json` prints it. */
export function rowChangeJson({ table, id, kind, row, fields }: RowChangeShown): JsonObject {
  return {
    kind,
    table,
    id,
    uid: (row?.["uid"] ?? null) as Json,
    fields: Object.fromEntries(
      fields.map((
        { name, before, after },
      ) => [name, { before: before as Json, after: after as Json }]),
    ),
  };
}

/** Characters of a value that are shown. */
const shownLength = 60;

/** A change of a row for people: what and which, and a line for each field that was set. */
export function renderRowChange(change: RowChangeShown, output: Output): string[] {
  const { paint } = output;
  const { kind, registry, row, table, id } = change;
  const style = { added: paint.green, changed: paint.yellow, deleted: paint.red }[kind];
  const title = registry === undefined || row === undefined
    ? `${registry?.model ?? table} ${id} (gone since)`
    : recordTitle(registry, row);
  const uid = row?.["uid"] === undefined ? "" : ` ${paint.dim(String(row["uid"]))}`;
  const fields = change.fields.map(({ name, before, after }) =>
    `      ${name}: ${valueText(before, output)} → ${valueText(after, output)}`
  );
  return [`  ${style(kind.padEnd(7))} ${output.safe(title)}${uid}`, ...fields];
}

function valueText(value: unknown, output: Output): string {
  if (value === null || value === undefined) return "nothing";
  const text = output.safe(String(value));
  return text.length > shownLength && !output.verbose ? `${text.slice(0, shownLength)}…` : text;
}
