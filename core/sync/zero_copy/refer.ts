import { LaminError } from "../../../store/errors.ts";
import { absentAmong, awaitedAmong } from "../../artifact/not_fetched.ts";
import { arrivedRows } from "../../artifact/arrived_rows.ts";
import type { ArtifactRow } from "../../artifact/storage_key.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Changes } from "../../operation/changes.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { storage } from "../../registry/lamindb/storage.ts";
import type { ContentSource } from "../contents/source.ts";
import type { PortableRow, RowSource } from "../rows/row_source.ts";

/**
 * Uids of artifacts that came to the target without their bytes some time ago, and whose bytes the
 * source has: those can be read there from now on.
 */
export async function referable(
  target: Instance,
  contents: ContentSource,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const rows of arrivedRows(target, (work) => target.database.read(work), "all")) {
    const awaited = await target.database.read((reader) => awaitedAmong(target, reader, rows));
    const absent = await absentAmong(target, rows, awaited);
    const uids = rows.filter(({ id }) => absent.has(id)).map(({ uid }) => uid);
    if (uids.length === 0) continue;
    for (const [uid, content] of await contents.describe(uids)) {
      if (!(content instanceof LaminError)) found.add(uid);
    }
  }
  return found;
}

/** Ids at the source of those artifacts among some that are meant. */
export async function referredIds(
  source: RowSource,
  uids: ReadonlySet<string>,
  selected: ReadonlySet<number> | undefined,
): Promise<number[]> {
  const ids: number[] = [];
  if (uids.size === 0) return ids;
  for await (const states of source.states(artifact.name)) {
    for (const { id, identity } of states) {
      if (uids.has(identity) && (selected === undefined || selected.has(id))) ids.push(id);
    }
  }
  return ids;
}

/**
 * Lets artifacts of the target, by their ids at the source, refer to where the source has their
 * bytes. Left out are those with another content, and those in a storage that did not come along.
 * Gives how many it were.
 */
export async function referTo(
  changes: Changes,
  source: RowSource,
  ids: readonly number[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const storages = await changes.reader.select(storage, "TRUE");
  const storageIds = new Map(storages.map(({ uid, id }) => [uid, id]));
  let count = 0;
  for await (const row of source.rows(artifact.name, ids)) {
    const storageId = storageIds.get(row.references["storage_id"] ?? "");
    const [here] = await changes.reader.select(artifact, "uid = ?", [row.identity]);
    if (storageId === undefined || here === undefined || !isSame(here, row)) continue;
    const { _real_key, _key_is_virtual, _overwrite_versions } = row.values;
    await changes.update(artifact, [here], {
      storage_id: storageId,
      _real_key: _real_key === null ? null : String(_real_key),
      _key_is_virtual: Boolean(_key_is_virtual),
      _overwrite_versions: Boolean(_overwrite_versions),
    });
    count++;
  }
  return count;
}

/** Also the key, which may be the place. */
function isSame(here: ArtifactRow, { values }: PortableRow): boolean {
  return here.hash === (values["hash"] ?? null) && here.key === (values["key"] ?? null) &&
    (here.n_files === null) === ((values["n_files"] ?? null) === null);
}
