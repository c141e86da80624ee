import type { Reader } from "../../../store/database/database.ts";
import { trashBranch } from "../../artifact/add/decide.ts";
import { type ArtifactRow, storageKeyOf } from "../../artifact/storage_key.ts";
import { stemUid } from "../../identity/uid.ts";
import type { Instance } from "../../instance/instance.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { recordTitle } from "../record_name.ts";
import type { TableReversal } from "./reversal.ts";

/** Artifacts that would come back though their bytes or their place are gone, each as a clause. */
export async function lostArtifacts(
  instance: Instance,
  reader: Reader,
  reversal: readonly TableReversal[],
): Promise<string[]> {
  const rows = insertedArtifacts(reversal);
  if (rows.length === 0) return [];
  const found: string[] = [];
  for (const row of rows) {
    const path = instance.blobsOf(row.storage_id).locate(storageKeyOf(row));
    if (path !== undefined && instance.host.files.stat(path) === null) {
      found.push(`the bytes of ${recordTitle(artifact, row)} are gone`);
    }
  }
  const list = reader.dialect.valuesOf(rows.flatMap(({ key }) => key === null ? [] : [key]));
  const twins = await reader.select(artifact, `key IN (${list.sql})`, list.parameters);
  const taken = new Set(twins.map(placeOf));
  for (const row of rows) {
    if (taken.has(placeOf(row))) found.push(`${recordTitle(artifact, row)} was added anew`);
  }
  return found;
}

/**
 * Keys that artifacts would get back, by whatever way, though another artifact on the branch has them
 * now, each as a clause.
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
