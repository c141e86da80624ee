import type { Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import { LaminError } from "../../store/errors.ts";
import { archiveBranch, mainBranch, trashBranch } from "../version/branch_ids.ts";
import { stemUid, versionSuffix } from "../identity/uid.ts";
import type { AnyRow } from "../query/query.ts";
import type { Registry } from "../registry/registry.ts";
import { snakeCase } from "../registry/words.ts";
import { nearest } from "../text/nearest.ts";

/** Fewest characters of a uid that count as a reference. */
const uidPrefixMin = 4;
/** How many rows with one name or start of a uid are looked at. */
const rowsMax = 1000;
/** How many names are compared for a suggestion. */
const comparedMax = 20_000;

/**
 * The one record of a registry that a reference means: its key or name, `key@version`, another
 * field that is its alone (`CL:0000084`, `ENSG00000010610`), its uid or the start of it. Of
 * versions the latest is meant, and records in the trash only where no other has the name.
 *
 * Throws code "not_found" with the nearest names, or "ambiguous" with the candidates.
 */
export async function resolveRecord(
  reader: Reader,
  registry: Registry,
  reference: string,
  branch: number,
): Promise<AnyRow> {
  const found = await byName(reader, registry, reference) ??
    await byNameAndVersion(reader, registry, reference) ??
    await byUid(reader, registry, reference) ?? await byAnyCase(reader, registry, reference);
  if (found === undefined) throw await notFound(reader, registry, reference);
  return oneOf(registry, reference, found, branch);
}

/**
 * The record whose field has this value; of versions the latest. Throws as {@link resolveRecord}.
 */
export async function recordWith(
  reader: Reader,
  registry: Registry,
  field: "uid" | "key" | "name",
  value: string,
  branch: number,
): Promise<AnyRow> {
  if (!(field in registry.columns)) {
    throw new LaminError("usage", `${snakeCase(registry.model)} has no ${field}`, {
      data: { registry: registry.name, field },
    });
  }
  const start = reader.dialect.startsWith("uid", value);
  const [condition, parameters] = field === "uid"
    ? [start.sql, start.parameters]
    : [`${quote(field)} = ?`, [value]];
  const rows = await reader.select(registry, `${condition} LIMIT ${rowsMax}`, parameters);
  if (rows.length === 0) throw await notFound(reader, registry, value);
  return oneOf(registry, value, rows, branch);
}

async function byName(
  reader: Reader,
  registry: Registry,
  reference: string,
): Promise<AnyRow[] | undefined> {
  for (const column of namingColumns(registry)) {
    const condition = `${quote(column)} = ? LIMIT ${rowsMax}`;
    const rows = await reader.select(registry, condition, [reference]);
    if (rows.length > 0) return rows;
  }
  return undefined;
}

/** The fields that records are known by, what people call them first. */
function namingColumns({ columns, nameField }: Registry): string[] {
  const known = ["key", "name", "handle", "symbol", "ontology_id", "abbr", "root"];
  const alone = Object.keys(columns).filter((name) => columns[name]!.unique && name !== "uid");
  return [...new Set([nameField ?? "", ...known, ...alone])].filter((name) =>
    ["varchar", "text"].includes(columns[name]?.type ?? "")
  );
}

async function byNameAndVersion(
  reader: Reader,
  registry: Registry,
  reference: string,
): Promise<AnyRow[] | undefined> {
  const at = reference.lastIndexOf("@");
  if (at <= 0 || !("is_latest" in registry.columns)) return undefined;
  const [name, version] = [reference.slice(0, at), reference.slice(at + 1)];
  const named = await byName(reader, registry, name) ?? await byUid(reader, registry, name);
  if (named === undefined) return undefined;
  const stems = [...new Set(named.map(({ uid }) => stemUid(String(uid))))];
  const starts = stems.map((stem) => reader.dialect.startsWith("uid", stem));
  const rows = await reader.select(
    registry,
    starts.map(({ sql }) => sql).join(" OR "),
    starts.flatMap(({ parameters }) => parameters),
  );
  const tagged = rows.filter((row) => row.version_tag === version);
  const found = tagged.length > 0
    ? tagged
    : rows.filter(({ uid }) => versionSuffix(String(uid)) === version.padStart(4, "0"));
  if (found.length > 0) return found;
  const versions = rows.map((row) => row.version_tag ?? versionSuffix(String(row.uid))).sort();
  throw new LaminError("not_found", `${name} has no version '${version}'`, {
    hint: `versions: ${versions.slice(-10).join(", ")}`,
    data: { reference },
  });
}

async function byUid(
  reader: Reader,
  registry: Registry,
  reference: string,
): Promise<AnyRow[] | undefined> {
  if (!("uid" in registry.columns)) {
    return /^\d{1,15}$/.test(reference)
      ? await reader.select(registry, "id = ?", [Number(reference)])
      : undefined;
  }
  if (reference.length < uidPrefixMin || !/^[0-9A-Za-z]+$/.test(reference)) return undefined;
  const start = reader.dialect.startsWith("uid", reference);
  const rows = await reader.select(registry, `${start.sql} LIMIT ${rowsMax}`, start.parameters);
  const whole = rows.filter(({ uid }) => uid === reference);
  return whole.length > 0 ? whole : rows.length > 0 ? rows : undefined;
}

async function byAnyCase(
  reader: Reader,
  registry: Registry,
  reference: string,
): Promise<AnyRow[] | undefined> {
  const [column] = namingColumns(registry);
  if (column === undefined) return undefined;
  const rows = await reader.select(
    registry,
    `${reader.dialect.lower(quote(column))} = ? LIMIT ${rowsMax}`,
    [reference.toLowerCase()],
  );
  return rows.length > 0 ? rows : undefined;
}

/** The record that is meant among those that a reference fits. */
function oneOf(
  registry: Registry,
  reference: string,
  rows: readonly AnyRow[],
  branch: number,
): AnyRow {
  const live = rows.filter((row) => row.branch_id !== trashBranch);
  const candidates = live.length > 0 ? live : rows;
  const isVersioned = "is_latest" in registry.columns;
  const groups = new Set(
    candidates.map(({ uid, id }) => isVersioned ? stemUid(String(uid)) : String(uid ?? id)),
  );
  if (groups.size > 1) {
    const isSameKey = isVersioned && new Set(candidates.map(({ key }) => key)).size === 1;
    if (!isSameKey) throw ambiguous(registry, reference, candidates);
  }
  const rank = (row: AnyRow) =>
    (row.is_latest ? 10 : 0) +
    (row.branch_id === branch ? 3 : row.branch_id === mainBranch ? 2 : 0) -
    (row.branch_id === archiveBranch ? 5 : 0);
  return candidates.reduce((best, row) => {
    const ahead = rank(row) - rank(best);
    return ahead > 0 || ahead === 0 && Number(row.id) > Number(best.id) ? row : best;
  });
}

function ambiguous(registry: Registry, reference: string, rows: readonly AnyRow[]): LaminError {
  const shown = rows.slice(0, 5);
  const name = ({ uid, id }: AnyRow) => String(uid ?? id);
  const telling = tellingColumns(registry, rows);
  const list = shown.map((row) =>
    [name(row), ...telling.map((column) => String(row[column] ?? "-"))].join(" ")
  );
  return new LaminError(
    "ambiguous",
    `'${reference}' means several records of ${snakeCase(registry.model)}`,
    {
      hint: `give the uid: ${list.join("; ")}${rows.length > shown.length ? "; …" : ""}`,
      data: { reference, candidates: shown.map(name) },
    },
  );
}

/** Two fields by which people can tell the rows apart. */
function tellingColumns({ columns }: Registry, rows: readonly AnyRow[]): string[] {
  return Object.keys(columns).filter((name) =>
    columns[name]!.type === "varchar" && name !== "uid" && name !== "hash" &&
    new Set(rows.map((row) => row[name])).size > 1
  ).slice(0, 2);
}

async function notFound(
  reader: Reader,
  registry: Registry,
  reference: string,
): Promise<LaminError> {
  const word = snakeCase(registry.model);
  const [column] = namingColumns(registry);
  const rows = column === undefined ? [] : await reader.all<{ name: string }>(
    `SELECT DISTINCT ${quote(column)} AS name FROM ${quote(registry.name)}
     WHERE ${quote(column)} IS NOT NULL LIMIT ${comparedMax}`,
  );
  const near = nearest(reference, rows.map(({ name }) => name));
  return new LaminError("not_found", `there is no ${word} '${reference}'`, {
    hint: near.length > 0
      ? `did you mean ${near.map((name) => `'${name}'`).join(" or ")}?`
      : `'lamin list ${word}' shows what is there`,
    data: { registry: registry.name, reference, suggestions: near },
  });
}
