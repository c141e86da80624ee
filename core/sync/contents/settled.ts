import { unstoredAmong } from "../../artifact/not_fetched.ts";
import type { Instance } from "../../instance/instance.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";

/**
 * Those of some uids whose artifacts are in an instance with their bytes, or with a place elsewhere
 * where they are read. An object that is there and not noted is to be noted.
 */
export async function settledAmong(
  target: Instance,
  uids: readonly string[],
): Promise<ReadonlySet<string>> {
  return await target.database.read(async (reader) => {
    const list = reader.dialect.valuesOf(uids);
    const rows = await reader.select(artifact, `uid IN (${list.sql})`, list.parameters);
    const unstored = await unstoredAmong(target, reader, rows);
    return new Set(rows.filter(({ id }) => !unstored.has(id)).map(({ uid }) => uid));
  });
}

/** Those of them that lie in a storage which the target manages itself. */
export async function settledAtHome(
  target: Instance,
  uids: readonly string[],
): Promise<ReadonlySet<string>> {
  const settled = await settledAmong(target, uids);
  const managed = target.database.dialect.valuesOf(target.managedStorageIds);
  return await target.database.read(async (reader) => {
    const list = reader.dialect.valuesOf([...settled]);
    const rows = await reader.all<{ uid: string }>(
      `SELECT uid FROM lamindb_artifact
       WHERE uid IN (${list.sql}) AND storage_id IN (${managed.sql})`,
      [...list.parameters, ...managed.parameters],
    );
    return new Set(rows.map(({ uid }) => uid));
  });
}
