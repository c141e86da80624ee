import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import { trashBranch } from "../version/branch_ids.ts";
import { versionsOf } from "../artifact/families.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { stemUid } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import { type Meaning, meaningOf } from "../reference/meaning.ts";
import { resolveArtifacts } from "../reference/resolve.ts";
import { artifact } from "../registry/lamindb/artifact.ts";

/** Artifacts that references name, for a command that moves whole families. */
export interface Selection {
  readonly rows: readonly ArtifactRow[];
  /** All versions, of every branch, of the families that the rows belong to. */
  readonly family: readonly ArtifactRow[];
}

/**
 * The artifacts in use that references name: of a key every version on its branch, so that the key
 * is gone when they are; of `key@version` or a whole uid that version. Throws code "usage" for a
 * folder unless `recursive`, "not_found", "ambiguous".
 */
export async function selectLive(
  instance: Instance,
  reader: Reader,
  references: readonly string[],
  recursive: boolean,
): Promise<Selection> {
  const versions: ArtifactRow[] = [];
  const heads: ArtifactRow[] = [];
  for (const reference of references) {
    const meaning = await meaningOf(instance, reader, reference, "live");
    if (meaning.kind === "version") versions.push(meaning.row);
    else if (meaning.kind === "family") heads.push(meaning.row);
    else {
      requireRecursive(reference, recursive);
      heads.push(...await resolveArtifacts(instance, reader, reference, "live"));
    }
  }
  const inTrash = versions.find((row) => row.branch_id === trashBranch);
  if (inTrash !== undefined) {
    throw new LaminError("conflict", `${inTrash.key ?? inTrash.uid} is in the trash already`, {
      hint: `'lamin restore ${inTrash.uid}' brings it back; --permanent deletes it for good`,
      data: { uid: inTrash.uid },
    });
  }
  const named = await withSameKey(reader, heads);
  const places = new Set(named.map(stemAndBranch));
  return await whole(reader, versions, named, (row) => places.has(stemAndBranch(row)));
}

/** The artifacts in the trash that references name, families as a whole. Throws as `selectLive`. */
export async function selectTrashed(
  instance: Instance,
  reader: Reader,
  references: readonly string[],
): Promise<Selection> {
  const versions: ArtifactRow[] = [];
  const heads: ArtifactRow[] = [];
  for (const reference of references) {
    const meaning = await trashedMeaning(instance, reader, reference);
    if (meaning.kind === "version") versions.push(meaning.row);
    else if (meaning.kind === "family") heads.push(meaning.row);
    else heads.push(...await trashedBelow(reader, meaning.prefix));
  }
  const live = versions.find((row) => row.branch_id !== trashBranch);
  if (live !== undefined) throw notInTrash(live);
  const stems = new Set(heads.map(({ uid }) => stemUid(uid)));
  return await whole(
    reader,
    versions,
    heads,
    (row) => row.branch_id === trashBranch && stems.has(stemUid(row.uid)),
  );
}

export function requireRecursive(reference: string, recursive: boolean): void {
  if (recursive) return;
  throw new LaminError("usage", `'${reference}' is a folder`, {
    hint: "-r takes all artifacts whose keys lie below it",
    data: { reference },
  });
}

async function trashedMeaning(
  instance: Instance,
  reader: Reader,
  reference: string,
): Promise<Meaning> {
  try {
    return await meaningOf(instance, reader, reference, "trash");
  } catch (error) {
    if (!(error instanceof LaminError) || error.code !== "not_found") throw error;
    const live = await meaningOf(instance, reader, reference, "live").catch(() => undefined);
    if (live === undefined) throw error;
    throw live.kind === "folder" ? error : notInTrash(live.row);
  }
}

function notInTrash(row: ArtifactRow): LaminError {
  return new LaminError("not_found", `${row.key ?? row.uid} is not in the trash`, {
    hint: "it is there already: 'lamin show' has it",
    data: { uid: row.uid },
  });
}

/** Of each key below a prefix the family that went to the trash last. */
async function trashedBelow(reader: Reader, prefix: string): Promise<ArtifactRow[]> {
  const below = reader.dialect.startsWith("key", prefix);
  const rows = await reader.select(
    artifact,
    `${below.sql} AND branch_id = ${trashBranch}
     AND (kind IS NULL OR kind NOT LIKE '\\_\\_lamindb%' ESCAPE '\\') ORDER BY created_at, id`,
    below.parameters,
  );
  return [...new Map(rows.map((row) => [row.key, row])).values()];
}

/** Adds the heads of other families that have the same keys on the same branches. */
async function withSameKey(
  reader: Reader,
  heads: readonly ArtifactRow[],
): Promise<ArtifactRow[]> {
  const list = reader.dialect.valuesOf(heads.flatMap(({ key }) => key === null ? [] : [key]));
  const rows = await reader.select(
    artifact,
    `key IN (${list.sql}) AND branch_id <> ${trashBranch}`,
    list.parameters,
  );
  const wanted = new Set(heads.map(({ key, branch_id }) => `${branch_id} ${key}`));
  const same = rows.filter(({ key, branch_id }) => wanted.has(`${branch_id} ${key}`));
  return [...new Map([...heads, ...same].map((row) => [row.id, row])).values()];
}

/** The named versions, and of the families of `heads` every version that `belongs`. */
async function whole(
  reader: Reader,
  versions: readonly ArtifactRow[],
  heads: readonly ArtifactRow[],
  belongs: (row: ArtifactRow) => boolean,
): Promise<Selection> {
  const family = await versionsOf(reader, [...versions, ...heads]);
  const rows = new Map([...versions, ...family.filter(belongs)].map((row) => [row.id, row]));
  return { rows: [...rows.values()].sort(byKey), family };
}

function stemAndBranch({ uid, branch_id }: ArtifactRow): string {
  return `${stemUid(uid)} ${branch_id}`;
}

function byKey(a: ArtifactRow, b: ArtifactRow): number {
  if (a.key !== b.key) return (a.key ?? "") < (b.key ?? "") ? -1 : 1;
  return a.uid < b.uid ? -1 : 1;
}
