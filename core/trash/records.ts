import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import { trashBranch } from "../artifact/add/decide.ts";
import { stemUid, versionSuffix } from "../identity/uid.ts";
import type { Registry } from "../registry/registry.ts";
import { snakeCase } from "../registry/words.ts";
import { nearest } from "../text/nearest.ts";
import {
  type BranchRow,
  branchRows,
  familyRows,
  hasBranches,
  hasVersions,
} from "../version/family.ts";

/** Records of a registry other than artifacts that references name. */
export interface RecordSelection {
  readonly rows: readonly BranchRow[];
  /** All versions of the families that they belong to; empty where the registry has none. */
  readonly family: readonly BranchRow[];
}

/** Fewest characters of a uid that name a record. */
const uidPrefixMin = 4;

/**
 * Records that references name: by name (or key), by uid or the start of it, versions also by
 * `key@version`. A key means all its versions. Throws code "not_found" with the nearest names,
 * "ambiguous", or "usage" for a registry without trash.
 */
export async function selectRecords(
  reader: Reader,
  registry: Registry,
  references: readonly string[],
  scope: "live" | "trash" | "all",
): Promise<RecordSelection> {
  if (!hasBranches(registry)) {
    throw new LaminError("usage", `records of ${registry.model} have no trash`, {
      hint: "this program removes records that lie on branches, such as ulabels and transforms",
    });
  }
  const rows = new Map<number, BranchRow>();
  for (const reference of references) {
    for (const row of await recordsOf(reader, registry, reference, scope)) rows.set(row.id, row);
  }
  const family = hasVersions(registry)
    ? await familyRows(reader, registry, [...rows.values()].map(({ uid }) => uid))
    : [];
  return { rows: [...rows.values()], family };
}

async function recordsOf(
  reader: Reader,
  registry: Registry,
  reference: string,
  scope: "live" | "trash" | "all",
): Promise<BranchRow[]> {
  const inScope = scope === "all"
    ? "TRUE"
    : `branch_id ${scope === "trash" ? "=" : "<>"} ${trashBranch}`;
  const field = nameColumn(registry);
  const named = field === undefined ? [] : await branchRows(
    reader,
    registry,
    `${field} = ? AND ${inScope} ORDER BY id DESC`,
    [reference],
  );
  if (named.length > 0) return oneOrItsVersions(registry, reference, named);
  const versioned = await byVersion(reader, registry, reference, inScope);
  if (versioned !== undefined) return [versioned];
  const byUid = await recordsByUid(reader, registry, reference, inScope);
  if (byUid.length > 0) return byUid;
  throw await noRecord(reader, registry, reference, inScope);
}

/** The column that people name records by, where it is a text of the records themselves. */
function nameColumn(registry: Registry): string | undefined {
  const name = registry.nameField;
  const type = name === undefined ? undefined : registry.columns[name]?.type;
  return type === "varchar" || type === "text" ? name : undefined;
}

function oneOrItsVersions(
  registry: Registry,
  reference: string,
  rows: readonly BranchRow[],
): BranchRow[] {
  const groups = new Set(rows.map(({ uid }) => hasVersions(registry) ? stemUid(uid) : uid));
  if (groups.size > 1) throw ambiguous(registry, reference, rows);
  // Other branches keep theirs.
  return rows.filter(({ branch_id }) => branch_id === rows[0]!.branch_id);
}

async function byVersion(
  reader: Reader,
  registry: Registry,
  reference: string,
  inScope: string,
): Promise<BranchRow | undefined> {
  const at = reference.lastIndexOf("@");
  const field = nameColumn(registry);
  if (at <= 0 || field === undefined || !hasVersions(registry)) return undefined;
  const version = reference.slice(at + 1);
  const rows = await branchRows(reader, registry, `${field} = ? AND ${inScope} ORDER BY id DESC`, [
    reference.slice(0, at),
  ]);
  return rows.find((row) => row["version_tag"] === version) ??
    rows.find((row) => versionSuffix(row.uid) === version.padStart(4, "0"));
}

async function recordsByUid(
  reader: Reader,
  registry: Registry,
  reference: string,
  inScope: string,
): Promise<BranchRow[]> {
  if (reference.length < uidPrefixMin || !/^[0-9A-Za-z]+$/.test(reference)) return [];
  const start = reader.dialect.startsWith("uid", reference);
  const rows = await branchRows(
    reader,
    registry,
    `${start.sql} AND ${inScope} ORDER BY id DESC LIMIT 1000`,
    start.parameters,
  );
  const whole = rows.find(({ uid }) => uid === reference);
  if (whole !== undefined) return [whole];
  if (rows.length === 0) return [];
  const isStem = rows.every(({ uid }) => stemUid(uid).startsWith(reference));
  if (!hasVersions(registry) || !isStem) {
    if (rows.length > 1) throw ambiguous(registry, reference, rows);
    return rows;
  }
  return oneOrItsVersions(registry, reference, rows);
}

/** The records with the members of those that are types, and the members' members: they go first. */
export async function withMembers(
  reader: Reader,
  registry: Registry,
  rows: readonly BranchRow[],
): Promise<BranchRow[]> {
  const all = new Map(rows.map((row) => [row.id, row]));
  let types = rows;
  while ("type_id" in registry.columns && types.length > 0) {
    const list = reader.dialect.valuesOf(types.map(({ id }) => id));
    const members = await branchRows(
      reader,
      registry,
      `type_id IN (${list.sql}) AND branch_id <> ${trashBranch}`,
      list.parameters,
    );
    types = members.filter(({ id }) => !all.has(id));
    for (const member of types) all.set(member.id, member);
  }
  return [...all.values()].reverse();
}

function ambiguous(
  registry: Registry,
  reference: string,
  rows: readonly BranchRow[],
): LaminError {
  const uids = rows.slice(0, 5).map(({ uid }) => uid);
  return new LaminError(
    "ambiguous",
    `several records of ${registry.model} are called '${reference}'`,
    { hint: `give a uid: ${uids.join(", ")}`, data: { reference, candidates: uids } },
  );
}

/** How many names are compared for a suggestion. */
const comparedMax = 20_000;

async function noRecord(
  reader: Reader,
  registry: Registry,
  reference: string,
  inScope: string,
): Promise<LaminError> {
  const field = nameColumn(registry);
  const rows = field === undefined ? [] : await reader.all<{ name: string }>(
    `SELECT DISTINCT ${field} AS name FROM ${registry.name}
     WHERE ${field} IS NOT NULL AND ${inScope} ORDER BY ${field} LIMIT ${comparedMax}`,
  );
  const near = nearest(reference, rows.map(({ name }) => name));
  const what = snakeCase(registry.model);
  return new LaminError("not_found", `there is no ${what} '${reference}'`, {
    hint: near.length > 0
      ? `did you mean ${near.map((name) => `'${name}'`).join(" or ")}?`
      : `'lamin list ${what}' shows what is there`,
    data: { registry: what, reference },
  });
}
