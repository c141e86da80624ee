import type { Reader } from "../../../store/database/database.ts";
import { trashBranch } from "../../version/branch_ids.ts";
import { presenceOf } from "../../artifact/presence.ts";
import { isInPlace } from "../../artifact/move/file_moves.ts";
import { type ArtifactRow, storageKeyOf } from "../../artifact/storage_key.ts";
import { stemUid } from "../../identity/uid.ts";
import type { Instance } from "../../instance/instance.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { laminObject, type ObjectRow } from "../../side_tables.ts";
import { recordTitle } from "../record_name.ts";
import type { TableReversal } from "./reversal.ts";

/** Objects that would be noted again though `gc` deleted them, each as a clause. */
export async function lostObjects(
  instance: Instance,
  reversal: readonly TableReversal[],
): Promise<string[]> {
  const table = reversal.find(({ registry }) => registry.name === laminObject.name);
  const rows = (table?.insert ?? []) as unknown as readonly ObjectRow[];
  const presence = await presenceOf(
    instance,
    rows.map(({ storage_id, name, is_folder }) => ({
      storageId: storage_id,
      name,
      isFolder: is_folder,
    })),
  );
  return rows.filter((_, index) => presence[index] === null)
    .map(({ name }) => `the bytes of ${name} are deleted`);
}

/**
 * Artifacts that would come back, or get back where their bytes lay in place, though their bytes
 * are not there or the place is taken, each as a clause.
 */
export async function lostArtifacts(
  instance: Instance,
  reader: Reader,
  reversal: readonly TableReversal[],
): Promise<string[]> {
  const found = await movedBytes(instance, reversal);
  const rows = insertedArtifacts(reversal);
  if (rows.length === 0) return found;
  const present = await haveBytes(instance, rows);
  rows.forEach((row, index) => {
    if (!present[index]) found.push(`the bytes of ${recordTitle(artifact, row)} are gone`);
  });
  const list = reader.dialect.valuesOf(rows.flatMap(({ key }) => key === null ? [] : [key]));
  const twins = await reader.select(artifact, `key IN (${list.sql})`, list.parameters);
  const taken = new Set(twins.map(placeOf));
  for (const row of rows) {
    if (taken.has(placeOf(row))) found.push(`${recordTitle(artifact, row)} was added anew`);
  }
  return found;
}

/**
 * Bytes in place go back along with the keys of their artifacts (files_back.ts). Where the place
 * comes from another column, they stay, and the row would be torn from them.
 */
async function movedBytes(
  instance: Instance,
  reversal: readonly TableReversal[],
): Promise<string[]> {
  const table = reversal.find(({ registry }) => registry.name === artifact.name);
  const changes = (table?.change ?? []).flatMap(({ id, before }) => {
    const row = table!.present.get(id) as unknown as ArtifactRow | undefined;
    return row === undefined ? [] : [{ row, former: { ...row, ...before } as ArtifactRow }];
  });
  const goBack = new Set(
    changes.filter(({ row, former }) => isInPlace(row) && isInPlace(former))
      .map(({ former }) => former.key),
  );
  const elsewhere = changes.filter(({ row, former }) => {
    const place = storageKeyOf(former);
    return place !== storageKeyOf(row) && !goBack.has(place);
  });
  const present = await haveBytes(instance, elsewhere.flatMap(({ row, former }) => [former, row]));
  return elsewhere.filter((_, index) => !present[2 * index] && present[2 * index + 1])
    .map(({ row, former }) => `the bytes of ${former.key} lie at ${storageKeyOf(row)} now`);
}

/** Whether there are bytes where rows say; in a storage that may not be asked they count as so. */
async function haveBytes(instance: Instance, rows: readonly ArtifactRow[]): Promise<boolean[]> {
  const places = rows.map((row) => ({
    storageId: row.storage_id,
    name: storageKeyOf(row),
    isFolder: row.n_files !== null,
  }));
  return (await presenceOf(instance, places)).map((presence) => presence !== null);
}

/**
 * Keys that artifacts would get back, by whatever way, though another artifact on the branch has
 * them now, each as a clause.
 */
export async function takenKeys(
  reader: Reader,
  reversal: readonly TableReversal[],
): Promise<string[]> {
  const table = reversal.find(({ registry }) => registry.name === artifact.name);
  if (table === undefined) return [];
  const moved = table.change.filter(({ before }) => "key" in before || "branch_id" in before);
  const coming = [
    ...insertedArtifacts(reversal),
    ...moved.map(({ id, before }) => ({ ...table.present.get(id), ...before }) as ArtifactRow),
  ].filter(({ key, branch_id }) => key !== null && branch_id !== trashBranch);
  const owners = new Map(coming.map((row) => [keyOnBranch(row), stemUid(row.uid)]));
  const list = reader.dialect.valuesOf([...new Set(coming.map(({ key }) => key!))]);
  const there = await reader.select(
    artifact,
    `key IN (${list.sql}) AND branch_id <> ${trashBranch}`,
    list.parameters,
  );
  const touched = new Set([...table.remove.map((row) => row["id"]), ...table.present.keys()]);
  return there.filter((row) => {
    const owner = owners.get(keyOnBranch(row));
    return !touched.has(row.id) && owner !== undefined && owner !== stemUid(row.uid);
  }).map((row) => `another artifact has the key ${row.key} now (${row.uid})`);
}

function insertedArtifacts(reversal: readonly TableReversal[]): readonly ArtifactRow[] {
  const table = reversal.find(({ registry }) => registry.name === artifact.name);
  return (table?.insert ?? []) as unknown as readonly ArtifactRow[];
}

function keyOnBranch({ key, branch_id }: ArtifactRow): string {
  return `${branch_id} ${key}`;
}

/** What only one artifact may have (COMPAT §5.1). */
function placeOf(row: ArtifactRow): string {
  return JSON.stringify([row.storage_id, row.key, row.hash]);
}
