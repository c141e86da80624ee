import type { Dialect, Reader, SqlValue } from "../../store/database/database.ts";
import { stemUid } from "../identity/uid.ts";
import type { Registry } from "../registry/registry.ts";

/** What every record that lies on a branch has; other columns by their names. */
export interface BranchRow {
  readonly id: number;
  readonly uid: string;
  readonly branch_id: number;
  readonly created_at: string;
  /** Only of registries with versions. */
  readonly is_latest?: boolean;
  readonly _overwrite_versions?: boolean;
  readonly [column: string]: unknown;
}

/**
 * Whether the registry's records lie on branches, and so can go to the trash. What is about a
 * branch, as its texts and labels, has a `branch_id` too, but does not lie there.
 */
export function hasBranches({ columns }: Registry): boolean {
  return "branch_id" in columns && "created_on_id" in columns;
}

/** Whether records of the registry that share the stem of their uids are versions of one thing. */
export function hasVersions(registry: Registry): boolean {
  return "is_latest" in registry.columns;
}

/** Records of a registry that lies on branches; `condition` as for `Reader.select`. */
export async function branchRows(
  reader: Reader,
  registry: Registry,
  condition: string,
  parameters: readonly SqlValue[] = [],
): Promise<BranchRow[]> {
  return await reader.select(registry, condition, parameters) as unknown as BranchRow[];
}

/** All versions, of every branch, of the families that the uids belong to. */
export async function familyRows(
  reader: Reader,
  registry: Registry,
  uids: Iterable<string>,
): Promise<BranchRow[]> {
  const stems = [...new Set([...uids].map(stemUid))];
  if (stems.length === 0) return [];
  const { dialect } = reader;
  const list = dialect.valuesOf(stems);
  return await branchRows(
    reader,
    registry,
    `id ${dialect.among(idsOfFamilies(dialect, registry.name, list.sql))}`,
    list.parameters,
  );
}

/**
 * A query of the ids of all versions whose stems are `SELECT value …`: a range of uids for each, so
 * that the index on uid serves.
 */
export function idsOfFamilies({ textSigns }: Dialect, table: string, stems: string): string {
  return `SELECT record.id FROM (${stems}) AS stem JOIN ${table} AS record
    ON record.uid ${textSigns[">="]} (stem.value || '0000')
    AND record.uid ${textSigns["<="]} (stem.value || 'zzzz')`;
}

/** The newest of some versions, as LaminDB orders them: by time of creation, then by id. */
export function newest<R extends BranchRow>(rows: readonly R[]): R | undefined {
  return rows.reduce<R | undefined>(
    (best, row) => best === undefined || isNewer(row, best) ? row : best,
    undefined,
  );
}

/** Whether `a` is the newer one in that order. */
export function isNewer(a: BranchRow, b: BranchRow): boolean {
  return a.created_at === b.created_at ? a.id > b.id : a.created_at > b.created_at;
}

/** Versions by the stem of their uids. */
export function byStem<R extends { readonly uid: string }>(
  rows: readonly R[],
): Map<string, R[]> {
  const families = new Map<string, R[]>();
  for (const row of rows) {
    const stem = stemUid(row.uid);
    const family = families.get(stem);
    if (family === undefined) families.set(stem, [row]);
    else family.push(row);
  }
  return families;
}
