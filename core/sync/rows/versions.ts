import type { Reader } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import { idsOfFamilies } from "../../version/family.ts";
import { stemUid } from "../../identity/uid.ts";
import { identityOfUid, type RowHash } from "./row_hash.ts";
import type { RowState, VersionState } from "./row_source.ts";

/** The stem of a uid, as SQL: all but the four characters of the version. */
const stem = "substr(uid, 1, length(uid) - 4)";

interface Version {
  readonly id: number;
  readonly uid: string;
  readonly branch_id: number;
  readonly is_latest: number;
  readonly created_at: string;
}

const columns = "id, uid, branch_id, is_latest, created_at";

/**
 * Which versions are the latest, one state for each family that has several, in the order of the
 * lowest ids. A family with one version has no choice.
 */
export async function familyStates(
  reader: Reader,
  table: string,
  branches: ReadonlyMap<number, string>,
  hash: RowHash,
): Promise<RowState[]> {
  const { dialect } = reader;
  // Of several versions only one can be the first, which is all that the index on uids has to tell.
  const stems = `SELECT DISTINCT ${stem} AS value FROM ${quote(table)} WHERE uid NOT LIKE '%0000'`;
  const rows = await reader.all<Version>(
    `SELECT ${columns} FROM ${quote(table)}
     WHERE id ${dialect.among(idsOfFamilies(dialect, quote(table), stems))}`,
  );
  const families = new Map<string, Version[]>();
  for (const version of rows) {
    const name = stemUid(version.uid);
    const family = families.get(name);
    if (family === undefined) families.set(name, [version]);
    else family.push(version);
  }
  const several = [...families].filter(([, { length }]) => length > 1);
  const states = several.map(([name, versions]) => ({
    id: versions.reduce((least, { id }) => Math.min(least, id), Infinity),
    identity: familyIdentity(hash, table, name),
    digest: familyDigest(
      hash,
      versions.map(({ uid, branch_id, is_latest }) => ({
        uid,
        branch: String(branches.get(branch_id)),
        isLatest: Boolean(is_latest),
      })),
    ),
  }));
  return states.sort((a, b) => a.id - b.id);
}

/** The same as long as the same versions are the latest. */
export function familyDigest(
  hash: RowHash,
  versions: readonly Pick<VersionState, "uid" | "branch" | "isLatest">[],
): string {
  const latest = versions.filter(({ isLatest }) => isLatest);
  return hash(latest.map(({ uid, branch }) => `${uid} ${branch}`).sort());
}

/** What stands for a family. */
export function familyIdentity(hash: RowHash, table: string, stemOfUid: string): string {
  return hash([table, "family", stemOfUid]);
}

/** All versions of families, each given by the id of one of its rows, by that id. */
export async function versionsByFamily(
  reader: Reader,
  table: string,
  ids: readonly number[],
  branches: ReadonlyMap<number, string>,
): Promise<Map<number, VersionState[]>> {
  const { dialect } = reader;
  const list = dialect.valuesOf(ids);
  const members = await reader.all<{ uid: string }>(
    `SELECT uid FROM ${quote(table)} WHERE id IN (${list.sql})`,
    list.parameters,
  );
  const stems = dialect.valuesOf([...new Set(members.map(({ uid }) => stemUid(uid)))]);
  const rows = await reader.all<Version>(
    `SELECT ${columns} FROM ${quote(table)}
     WHERE id ${dialect.among(idsOfFamilies(dialect, table, stems.sql))} ORDER BY uid`,
    stems.parameters,
  );
  const byStem = Map.groupBy(rows, ({ uid }) => stemUid(uid));
  const wanted = new Set(ids);
  const families = new Map<number, VersionState[]>();
  for (const family of byStem.values()) {
    const versions = family.map(({ id, uid, branch_id, is_latest, created_at }) => ({
      id,
      identity: identityOfUid(uid),
      uid,
      branch: branches.get(branch_id)!,
      isLatest: Boolean(is_latest),
      createdAt: created_at,
    }));
    for (const { id } of family) if (wanted.has(id)) families.set(id, versions);
  }
  return families;
}
