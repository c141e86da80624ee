import { LaminError } from "../../store/errors.ts";
import type { Reader } from "../../store/database/database.ts";
import { relativeTo, resolve } from "../../store/path.ts";
import { archiveBranch, mainBranch, trashBranch } from "../version/branch_ids.ts";
import { versionsOf } from "../artifact/families.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { versionSuffix } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { laminContent } from "../side_tables.ts";
import { notFound } from "./not_found.ts";

/** Among which artifacts a reference looks: those in use, those in the trash, or all. */
export type ReferenceScope = "live" | "trash" | "all";

/** Fewest characters of a uid and of a SHA-256 that count as a reference. */
const uidPrefixMin = 4;
const sha256PrefixMin = 8;
const stemLength = 16;
const uidLength = 20;

/**
 * The one artifact that a reference means. A reference is a key, a path in the work tree,
 * `key@version` (a version tag, or the four characters that end the uid, `@1` for `@0001`), a uid
 * or the start of one, or the start of a SHA-256. A key or the start of a uid means the latest
 * version.
 *
 * Throws code "not_found" with the nearest keys, or "ambiguous" with the candidates.
 */
export async function resolveArtifact(
  instance: Instance,
  reader: Reader,
  reference: string,
  scope: ReferenceScope = "live",
): Promise<ArtifactRow> {
  const found = await findArtifact(instance, reader, reference, scope);
  if (found !== undefined) return found;
  throw await notFound(reader, reference, scope);
}

/**
 * The artifacts that a reference means: the one, or the latest versions of all whose key lies below
 * it when it is a folder or prefix such as `raw/`; `.` means all. Of a folder those count that
 * `status` and `list` show, on the current branch and main; where there are none, those elsewhere.
 * Throws code "not_found".
 */
export async function resolveArtifacts(
  instance: Instance,
  reader: Reader,
  reference: string,
  scope: ReferenceScope = "live",
): Promise<ArtifactRow[]> {
  const found = await findArtifact(instance, reader, reference, scope);
  if (found !== undefined) return [found];
  for (const folder of keysOf(instance, reference)) {
    const prefix = folder === "" ? "" : `${folder.replace(/\/+$/, "")}/`;
    const below = reader.dialect.startsWith("key", prefix);
    const rows = await reader.select(
      artifact,
      `${below.sql} AND ${scopeCondition(scope)} AND is_latest
       AND (kind IS NULL OR kind NOT LIKE '\\_\\_lamindb%' ESCAPE '\\') ORDER BY ${
        reader.dialect.textOrder("key")
      }, id`,
      below.parameters,
    );
    if (rows.length === 0) continue;
    const branch = await currentBranchId(instance, reader);
    const shown = rows.filter((row) => [branch, mainBranch].includes(row.branch_id));
    return onePerKey(shown.length > 0 ? shown : rows, branch);
  }
  throw await notFound(reader, reference, scope);
}

/** As {@link resolveArtifact}, but undefined when nothing has that name. */
export async function findArtifact(
  instance: Instance,
  reader: Reader,
  reference: string,
  scope: ReferenceScope,
): Promise<ArtifactRow | undefined> {
  return await byKeys(instance, reader, keysOf(instance, reference), scope) ??
    await byKeyAndVersion(instance, reader, reference, scope) ??
    await byUid(instance, reader, reference, scope) ??
    await bySha256(instance, reader, reference, scope);
}

/**
 * A reference as key: as it stands, and as a path from the working directory into the work tree.
 */
export function keysOf(instance: Instance, reference: string): string[] {
  const path = resolve(instance.host.workingDirectory(), reference);
  const workPath = relativeTo(instance.workTree.root, path);
  const keys = workPath === undefined ? [reference] : [workPath, reference];
  return [...new Set(keys)].filter((key) => key !== "." && key !== "./");
}

async function byKeys(
  instance: Instance,
  reader: Reader,
  keys: readonly string[],
  scope: ReferenceScope,
): Promise<ArtifactRow | undefined> {
  for (const key of keys) {
    const rows = await reader.select(artifact, `key = ? AND ${scopeCondition(scope)}`, [key]);
    if (rows.length > 0) return headOf(rows, await currentBranchId(instance, reader));
  }
  return undefined;
}

async function byKeyAndVersion(
  instance: Instance,
  reader: Reader,
  reference: string,
  scope: ReferenceScope,
): Promise<ArtifactRow | undefined> {
  const at = reference.lastIndexOf("@");
  if (at <= 0) return undefined;
  const [name, version] = [reference.slice(0, at), reference.slice(at + 1)];
  const head = await byKeys(instance, reader, keysOf(instance, name), scope) ??
    await byUid(instance, reader, name, scope);
  if (head === undefined) return undefined;
  const versions = await versionsOf(reader, [head]);
  const found = versions.find((row) => row.version_tag === version) ??
    versions.find((row) => versionSuffix(row.uid) === version.padStart(4, "0"));
  if (found !== undefined) return found;
  const known = versions.map((row) => row.version_tag ?? versionSuffix(row.uid)).sort();
  throw new LaminError("not_found", `${name} has no version '${version}'`, {
    hint: `versions: ${known.slice(-10).join(", ")}`,
    data: { reference },
  });
}

async function byUid(
  instance: Instance,
  reader: Reader,
  reference: string,
  scope: ReferenceScope,
): Promise<ArtifactRow | undefined> {
  const { length } = reference;
  if (length < uidPrefixMin || length > uidLength || !/^[0-9A-Za-z]+$/.test(reference)) {
    return undefined;
  }
  const start = reader.dialect.startsWith("uid", reference);
  // A whole uid means that row, wherever it is.
  const condition = length === uidLength ? start.sql : `${start.sql} AND ${scopeCondition(scope)}`;
  const rows = await reader.select(artifact, `${condition} LIMIT 1000`, start.parameters);
  const stems = new Set(rows.map((row) => row.uid.slice(0, stemLength)));
  if (stems.size > 1) throw ambiguous(reference, rows);
  if (rows.length === 0) return undefined;
  if (length > stemLength) return rows[0];
  return headOf(rows, await currentBranchId(instance, reader));
}

async function bySha256(
  instance: Instance,
  reader: Reader,
  reference: string,
  scope: ReferenceScope,
): Promise<ArtifactRow | undefined> {
  if (!/^[0-9a-f]+$/.test(reference) || reference.length < sha256PrefixMin) return undefined;
  if (!(await reader.hasTable(laminContent.name))) return undefined;
  const start = reader.dialect.startsWith("sha256", reference);
  const rows = await reader.select(
    artifact,
    `id IN (SELECT artifact_id FROM lamin_content WHERE ${start.sql})
     AND ${scopeCondition(scope)} LIMIT 1000`,
    start.parameters,
  );
  if (new Set(rows.map((row) => row.hash)).size > 1) throw ambiguous(reference, rows);
  return rows.length === 0 ? undefined : headOf(rows, await currentBranchId(instance, reader));
}

/** SQL that is true of the artifacts that a scope covers. */
export function scopeCondition(scope: ReferenceScope): string {
  if (scope === "all") return "TRUE";
  return scope === "trash" ? `branch_id = ${trashBranch}` : `branch_id <> ${trashBranch}`;
}

/**
 * The version that a name without version means: the latest on the branch, else on main, else any.
 */
function headOf(rows: readonly ArtifactRow[], branch: number): ArtifactRow {
  const rank = (row: ArtifactRow): number => {
    const place = row.branch_id === branch ? 3 : row.branch_id === mainBranch ? 2 : 1;
    return (row.is_latest ? 10 : 0) + (row.branch_id === archiveBranch ? 0 : place);
  };
  return rows.reduce((best, row) => {
    const ahead = rank(row) - rank(best);
    return ahead > 0 || (ahead === 0 && row.created_at >= best.created_at) ? row : best;
  });
}

function onePerKey(rows: readonly ArtifactRow[], branch: number): ArtifactRow[] {
  const byKey = new Map<string, ArtifactRow[]>();
  for (const row of rows) byKey.set(row.key!, [...byKey.get(row.key!) ?? [], row]);
  return [...byKey.values()].map((same) => headOf(same, branch));
}

function ambiguous(reference: string, rows: readonly ArtifactRow[]): LaminError {
  const candidates = rows.slice(0, 5).map((row) =>
    `${row.uid} ${row.key ?? row.description ?? ""}`
  );
  return new LaminError("ambiguous", `'${reference}' means several artifacts`, {
    hint: `give more of the uid: ${candidates.join("; ")}${rows.length > 5 ? "; …" : ""}`,
    data: { reference, candidates: rows.slice(0, 5).map((row) => row.uid) },
  });
}
