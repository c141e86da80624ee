import { quote } from "../../../store/database/sql.ts";
import type { Column, ColumnType } from "../../../store/database/table.ts";
import type { RowShape } from "./shape.ts";

/** A row as SQLite puts it in words; what it cannot put in words by itself is null. */
export interface RowInWords {
  readonly id: number;
  /** The uid, else the JSON of what tells the row apart. */
  readonly identity: string | null;
  /** The JSON of the values that count when rows are compared, in their canonical form. */
  readonly words: string | null;
}

/**
 * What stands for a reference to nothing, or to what has no proper identity: no canonical value has
 * a NUL character, and JSON writes it like this.
 */
export const nothingInWords = "\\u0000";

/** More values than this SQLite may not take in one list. */
const valuesMax = 100;

/**
 * The query by which SQLite writes rows as the very JSON that is hashed of them, some at a time and
 * in the order of their ids: its parameters are the id that they come after and how many. That is
 * several times faster than reading every value. Values that are odd in any way make it null, so
 * that they are read as everywhere else; so do numbers with a point, and JSON that is not trivial.
 * Undefined for tables that point to rows without a uid. `present` are the tables that are there;
 * rows, called `row`, that do not meet the `condition` are odd as well.
 */
export function rowsInWords(
  { registry, identity, compared, references }: RowShape,
  shapes: ReadonlyMap<string, RowShape>,
  present: ReadonlySet<string>,
  condition = "TRUE",
): string | undefined {
  const names = new Set([...identity, ...compared]);
  const targets = [...references].filter(([name]) => names.has(name)).map(([, table]) => table);
  const haveUids = targets.every((table) =>
    present.has(table) && shapes.get(table)?.identity[0] === "uid"
  );
  if (!haveUids || names.size > valuesMax) return undefined;
  const reference = (name: string) => {
    const table = references.get(name);
    return table === undefined ? undefined : referenceOf(name, table);
  };
  const told = identity.map((name) => reference(name) ?? toldApart(name));
  const values = compared.map((name) =>
    reference(name) ?? valueOf(quoted(name), registry.columns[name]!)
  );
  const uid = `CASE typeof(${quoted("uid")}) WHEN 'text' THEN ${quoted("uid")} END`;
  const table = { isPlain: "TRUE", json: `'${registry.name.replaceAll("'", "''")}'` };
  return `SELECT id, ${identity[0] === "uid" ? uid : listOf([table, ...told])} AS identity,
    ${listOf([{ isPlain: condition, json: "" }, ...values])} AS words
    FROM ${quote(registry.name)} AS row WHERE id > ? ORDER BY id LIMIT ?`;
}

/** A value as SQL: whether it is as it should be, and what goes into the JSON. */
interface Part {
  readonly isPlain: string;
  readonly json: string;
}

function listOf(parts: readonly Part[]): string {
  const conditions = parts.map(({ isPlain }) => isPlain).filter((one) => one !== "TRUE");
  return `CASE WHEN ${["TRUE", ...conditions].join(" AND ")} THEN json_array(${
    parts.map(({ json }) => json).filter((json) => json !== "").join(", ")
  }) END`;
}

function quoted(name: string): string {
  return `row.${quote(name)}`;
}

function referenceOf(name: string, table: string): Part {
  const uid = `(SELECT CASE typeof(uid) WHEN 'text' THEN uid END FROM ${quote(table)}
    WHERE id = ${quoted(name)})`;
  return {
    isPlain: "TRUE",
    json: `CASE WHEN ${quoted(name)} IS NOT NULL THEN coalesce(${uid}, char(0)) END`,
  };
}

function toldApart(name: string): Part {
  const value = quoted(name);
  const isWhole = `typeof(${value}) = 'integer' AND ${between(value, safe)}`;
  return { isPlain: `(typeof(${value}) IN ('null', 'text') OR ${isWhole})`, json: value };
}

/** As `canonicalOf` has it. */
export function valueOf(value: string, { type, nullable, length }: Column): Part {
  const { isPlain, json = value } = plainValue(value, type, length);
  return { isPlain: nullable ? `(${value} IS NULL OR ${isPlain})` : `(${isPlain})`, json };
}

function plainValue(
  value: string,
  type: ColumnType,
  length: number | undefined,
): { readonly isPlain: string; readonly json?: string } {
  const range = ranges[type];
  if (range !== undefined) {
    return { isPlain: `typeof(${value}) = 'integer' AND ${between(value, range)}` };
  }
  const isText = `typeof(${value}) = 'text'`;
  switch (type) {
    case "boolean":
      return { isPlain: `typeof(${value}) = 'integer' AND ${value} IN (0, 1)` };
    case "real":
      return { isPlain: "FALSE" };
    case "json":
      return { isPlain: `${isText} AND ${value} IN ('null', '{}', '[]')` };
    case "datetime":
      return {
        isPlain: `${isText} AND ${isDay(`substr(${value}, 1, 10)`)} AND ${isTime(value)}`,
        json: `CASE length(${value}) WHEN 19 THEN ${value} || '.000000' ELSE ${value} END`,
      };
    case "date":
      return { isPlain: `${isText} AND ${isDay(value)}` };
    default:
      return {
        isPlain: length === undefined ? isText : `${isText} AND length(${value}) <= ${length}`,
      };
  }
}

const digits = (count: number) => "[0-9]".repeat(count);

/** Whether a text is a day of the calendar; SQLite makes another one of what is none. */
function isDay(text: string): string {
  return `date(${text}) = ${text} AND ${text} >= '0001'`;
}

/** Whether a time goes on after its day as Python writes it. */
function isTime(value: string): string {
  const clock = `' [0-2]${digits(1)}:[0-5]${digits(1)}:[0-5]${digits(1)}'`;
  const rest = `substr(${value}, 11)`;
  return `substr(${value}, 12, 2) < '24' AND (length(${value}) = 19 AND ${rest} GLOB ${clock} ` +
    `OR length(${value}) = 26 AND ${rest} GLOB ${clock} || '.${digits(6)}')`;
}

type Range = readonly [least: number, most: number];

const small: Range = [-(2 ** 15), 2 ** 15 - 1];
const middle: Range = [-(2 ** 31), 2 ** 31 - 1];
const safe: Range = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

const ranges: Partial<Record<ColumnType, Range>> = {
  id: middle,
  bigid: safe,
  smallid: small,
  integer: middle,
  smallint: small,
  bigint: safe,
};

function between(value: string, [least, most]: Range): string {
  return `${value} BETWEEN ${least} AND ${most}`;
}
