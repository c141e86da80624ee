import type { Reader, SqlRow } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { UniqueConstraint } from "../../../store/database/table.ts";
import type { PortableRow } from "../rows/row_source.ts";
import type { RowShape } from "../rows/shape.ts";

/** What may be but once in a table, besides the uid. */
interface UniqueKey {
  readonly columns: readonly string[];
  readonly ignoresCase: boolean;
  /** A column that has to be NULL for it to hold. */
  readonly nullColumn: string | undefined;
}

/** Texts that are looked for at once. */
const batchSize = 2000;

/**
 * Finds records that the target has under another uid: a user with the same handle, a branch with
 * the same name, a script of the same content, a file of the same key and content. `idOf` gives the
 * id in the target of what a row points to.
 */
export async function aliasesOf(
  reader: Reader,
  shape: RowShape,
  rows: readonly PortableRow[],
  idOf: (row: PortableRow, column: string) => number | undefined,
): Promise<Map<PortableRow, number>> {
  const found = new Map<PortableRow, number>();
  for (const key of uniqueKeys(shape)) {
    const wanted = new Map<string, PortableRow>();
    for (const row of rows) {
      const text = keyOfPortable(shape, key, row, idOf);
      if (text !== undefined && !found.has(row)) wanted.set(text, row);
    }
    if (wanted.size === 0) continue;
    for await (const there of candidates(reader, shape, key, [...wanted.values()])) {
      const row = wanted.get(keyText(key, (name) => there[name] ?? null) ?? "");
      if (row !== undefined) found.set(row, Number(there["id"]));
    }
  }
  return found;
}

/** Whether a table has such keys. */
export function hasUniqueKeys(shape: RowShape): boolean {
  return uniqueKeys(shape).length > 0;
}

function uniqueKeys({ registry, identity }: RowShape): UniqueKey[] {
  if (identity[0] !== "uid") return [];
  const single = Object.entries(registry.columns)
    .filter(([name, { unique }]) => unique && name !== "uid")
    .map(([name]) => ({ columns: [name], ignoresCase: false, nullColumn: undefined }));
  return [...single, ...registry.unique.map(keyOfConstraint)];
}

function keyOfConstraint({ columns, where }: UniqueConstraint): UniqueKey {
  const lower = /^LOWER\((\w+)\)$/.exec(columns[0]!)?.[1];
  if (lower !== undefined) return { columns: [lower], ignoresCase: true, nullColumn: undefined };
  return { columns, ignoresCase: false, nullColumn: /^(\w+) IS NULL$/.exec(where ?? "")?.[1] };
}

function keyOfPortable(
  shape: RowShape,
  key: UniqueKey,
  row: PortableRow,
  idOf: (row: PortableRow, column: string) => number | undefined,
): string | undefined {
  if (key.nullColumn !== undefined && row.values[key.nullColumn] !== null) return undefined;
  return keyText(
    key,
    (name) => shape.references.has(name) ? idOf(row, name) ?? null : row.values[name] ?? null,
  );
}

/** Undefined where a value is NULL: such rows may be any number of. */
function keyText(key: UniqueKey, valueOf: (name: string) => unknown): string | undefined {
  const values = key.columns.map(valueOf);
  if (values.includes(null)) return undefined;
  const text = JSON.stringify(values.map(String));
  return key.ignoresCase ? text.toLowerCase() : text;
}

/** Rows of the target that may have the keys of others. */
async function* candidates(
  reader: Reader,
  shape: RowShape,
  key: UniqueKey,
  rows: readonly PortableRow[],
): AsyncGenerator<SqlRow> {
  const table = quote(shape.registry.name);
  const names = ["id", ...key.columns].map(quote).join(", ");
  const nullity = key.nullColumn === undefined ? "" : ` AND ${quote(key.nullColumn)} IS NULL`;
  const column = key.ignoresCase
    ? undefined
    : key.columns.findLast((name) => !shape.references.has(name));
  if (column === undefined) {
    yield* reader.iterate(`SELECT ${names} FROM ${table}`);
    return;
  }
  const texts = [...new Set(rows.map((row) => String(row.values[column])))];
  for (let start = 0; start < texts.length; start += batchSize) {
    const list = reader.dialect.valuesOf(texts.slice(start, start + batchSize));
    yield* await reader.all(
      `SELECT ${names} FROM ${table} WHERE ${quote(column)} IN (${list.sql})${nullity}`,
      list.parameters,
    );
  }
}
