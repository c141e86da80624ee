import type { Writer } from "../../../store/database/database.ts";
import { timestamp } from "../../../store/database/values.ts";
import { isAbsolute } from "../../../store/path.ts";
import { withoutPassword } from "../../../store/without_password.ts";
import { identityOf } from "../../instance/identity.ts";
import type { Instance } from "../../instance/instance.ts";
import { laminAwaited, laminLease, makeSyncTables } from "../tables.ts";

/** An instance that reads contents of another one where they lie. */
export interface LeaseHolder {
  readonly uid: string;
  /** `owner/name` */
  readonly slug: string;
  /** For people: the name of a machine and a path, or a URL without secrets. */
  readonly place: string;
}

/** How an instance is called that reads what lies elsewhere. */
export async function holderOf(instance: Instance): Promise<LeaseHolder> {
  const { uid, owner, name } = await identityOf(instance);
  const { root } = instance.location;
  const place = isAbsolute(root) ? `${instance.host.hostName()}:${root}` : withoutPassword(root);
  return { uid, slug: `${owner}/${name}`, place };
}

/** Names that are noted together. */
const namesPerRow = 500;

/**
 * Notes at the source that a reader reads whatever its storages hold, until `narrowLease` says
 * what it is: so nothing that is about to be referred to is collected meanwhile. Gives the ids of
 * the notes.
 */
export async function beginLease(source: Instance, holder: LeaseHolder): Promise<number[]> {
  const hashing = await source.host.hashing();
  return await source.database.write(async (writer) => {
    await makeSyncTables(writer, hashing);
    const ids = source.managedStorageIds;
    const parts = ids.map((storageId) => ({ storageId }));
    return await insert(laminLease, source, writer, holder, parts);
  });
}

/**
 * Puts the objects that a reader refers to, by id of the source's storage, in the place of the
 * notes that a lease began with. Those that were noted before stay: an undo at the reader may need
 * them. What earlier beginnings of the reader left, which died, goes.
 */
export async function narrowLease(
  source: Instance,
  holder: LeaseHolder,
  begun: readonly number[],
  names: ReadonlyMap<number, readonly string[]>,
): Promise<void> {
  await source.database.write(async (writer) => {
    const rows = await writer.select(laminLease, "reader_uid = ?", [holder.uid]);
    const last = Math.max(...begun);
    await writer.delete(
      laminLease,
      rows.filter((row) => row.names === null && row.id <= last).map(({ id }) => id),
    );
    const added = [...names].flatMap(([storageId, own]) => {
      const noted = new Set(
        rows.filter((row) => row.storage_id === storageId).flatMap((row) => namesIn(row.names)),
      );
      const fresh = [...new Set(own)].filter((name) => !noted.has(name)).sort();
      return inParts(fresh).map((part) => ({ storageId, names: part }));
    });
    await insert(laminLease, source, writer, holder, added);
  });
}

/** Puts what a reader has not fetched yet in the place of what was noted of that before. */
export async function noteAwaited(
  source: Instance,
  holder: LeaseHolder,
  names: ReadonlyMap<number, readonly string[]>,
): Promise<void> {
  const hashing = await source.host.hashing();
  await source.database.write(async (writer) => {
    await makeSyncTables(writer, hashing);
    const rows = await writer.select(laminAwaited, "reader_uid = ?", [holder.uid]);
    await writer.delete(laminAwaited, rows.map(({ id }) => id));
    const parts = [...names].flatMap(([storageId, own]) =>
      inParts(own).map((part) => ({ storageId, names: part }))
    );
    await insert(laminAwaited, source, writer, holder, parts);
  });
}

/** The names that a row of the table lists. */
export function namesIn(text: string | null): string[] {
  return text === null ? [] : JSON.parse(text);
}

async function insert(
  table: typeof laminLease | typeof laminAwaited,
  source: Instance,
  writer: Writer,
  { uid, slug, place }: LeaseHolder,
  parts: readonly { readonly storageId: number; readonly names?: readonly string[] }[],
): Promise<number[]> {
  if (parts.length === 0) return [];
  return await writer.insert(
    table,
    parts.map(({ storageId, names }) => ({
      reader_uid: uid,
      reader: slug,
      place,
      storage_id: storageId,
      names: names === undefined ? null : JSON.stringify(names),
      created_at: timestamp(source.host.now()),
    })),
  );
}

function inParts(names: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let start = 0; start < names.length; start += namesPerRow) {
    parts.push(names.slice(start, start + namesPerRow));
  }
  return parts;
}
