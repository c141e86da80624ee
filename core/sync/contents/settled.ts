import { absentAmong, awaitedAmong, isObject } from "../../artifact/not_fetched.ts";
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
  const { rows, awaited } = await target.database.read(async (reader) => {
    const list = reader.dialect.valuesOf(uids);
    const rows = await reader.select(artifact, `uid IN (${list.sql})`, list.parameters);
    return { rows, awaited: await awaitedAmong(target, reader, rows) };
  });
  const absent = await absentAmong(target, rows.filter((row) => !isObject(row)), awaited);
  const isOpen = (row: typeof rows[number]) =>
    awaited.has(row.id) && (isObject(row) || absent.has(row.id));
  return new Set(rows.filter((row) => !isOpen(row)).map(({ uid }) => uid));
}
