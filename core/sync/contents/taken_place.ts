import { LaminError } from "../../../store/errors.ts";
import { withoutPassword } from "../../../store/without_password.ts";
import { nameOf } from "../../artifact/content_files.ts";
import type { ArtifactRow } from "../../artifact/storage_key.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Changes } from "../../operation/changes.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";

/**
 * Why rows cannot move to the storage that bytes go to, by their ids: a storage has but one
 * artifact of a key and content (COMPAT §5.1), and another one is that.
 */
export async function takenPlaces(
  { reader }: Changes,
  target: Instance,
  rows: readonly ArtifactRow[],
): Promise<ReadonlyMap<number, LaminError>> {
  const taken = new Map<number, LaminError>();
  const moving = rows.filter(({ storage_id, hash }) =>
    storage_id !== target.storage.id && hash !== null
  );
  if (moving.length === 0) return taken;
  const list = reader.dialect.valuesOf([...new Set(moving.map(({ hash }) => hash!))]);
  const there = await reader.select(
    artifact,
    `storage_id = ? AND hash IN (${list.sql})`,
    [target.storage.id, ...list.parameters],
  );
  const owners = new Map(there.map((row) => [placeOf(row), row]));
  for (const row of moving) {
    const owner = owners.get(placeOf(row));
    if (owner === undefined) owners.set(placeOf(row), row);
    else taken.set(row.id, takenError(target, row, owner));
  }
  return taken;
}

function placeOf({ key, hash }: ArtifactRow): string {
  return JSON.stringify([key, hash]);
}

function takenError({ storage }: Instance, row: ArtifactRow, { uid }: ArtifactRow): LaminError {
  const root = withoutPassword(storage.root);
  return new LaminError("conflict", `${nameOf(row)} is in ${root} already, as artifact ${uid}`, {
    hint: `'lamin get ${uid}' writes those bytes; 'lamin storage switch' lets others go elsewhere`,
    data: { uid: row.uid, key: row.key, there: uid },
  });
}
