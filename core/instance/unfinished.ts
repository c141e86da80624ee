import { removeDatabase } from "../../store/database/create_database.ts";
import { openDatabase } from "../../store/database/open_database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { join } from "../../store/path.ts";
import { isLeftOver, isNameOfProcess, nameOfProcess } from "../../store/process_name.ts";
import { storage } from "../registry/lamindb/storage.ts";
import { locationIn } from "./find.ts";
import { readMark } from "./mark.ts";

/** What an `init` works on before it is through, with what SQLite puts beside it. */
const newDatabase = /^new-(.*)\.db(?:-(?:wal|shm|journal))?$/;

/** A path for a new database of a storage root, by which others know whose it is. */
export function newDatabasePath(host: Host, root: string): string {
  return join(root, ".lamindb", `new-${nameOfProcess(host)}.db`);
}

/**
 * The uid of the storage, when the instance in a folder is the one with this uid and its `init`
 * died before it was through. New databases of which an `init` died earlier are removed.
 */
export async function unfinishedStorage(
  host: Host,
  root: string,
  instanceUid: string,
): Promise<string | undefined> {
  const location = locationIn(host, root);
  const left = newDatabases(host, root);
  if (location === undefined) removeNewDatabases(host, root);
  // One that is under way makes the instance; one that is through left all marks.
  if (location === undefined || left.some((one) => !one.isLeftOver)) return undefined;
  if (left.length === 0 && readMark(host, root) !== undefined) return undefined;
  return await storageUidIn(host, location.database.path, instanceUid);
}

/** Removes new databases that dead processes left in a storage root, and one's own. */
export function removeNewDatabases(host: Host, root: string, own?: string): void {
  for (const { path, isLeftOver } of newDatabases(host, root)) {
    if (isLeftOver || path === own) removeDatabase(host, path);
  }
}

function newDatabases(host: Host, root: string): { path: string; isLeftOver: boolean }[] {
  const { files } = host;
  const folder = join(root, ".lamindb");
  if (files.stat(folder)?.kind !== "directory") return [];
  const names = files.readDirectory(folder).map(({ name }) => newDatabase.exec(name)?.[1] ?? "");
  return [...new Set(names)].filter(isNameOfProcess).map((name) => {
    const path = join(folder, `new-${name}.db`);
    const touchedMs = () => files.lstat(path)?.changedMs ?? 0;
    return { path, isLeftOver: isLeftOver(host, name, touchedMs) };
  });
}

async function storageUidIn(
  host: Host,
  path: string,
  instanceUid: string,
): Promise<string | undefined> {
  try {
    const database = openDatabase(host, { path, readOnly: true });
    try {
      const [row] = await database.read((reader) =>
        reader.select(storage, "instance_uid = ? ORDER BY id LIMIT 1", [instanceUid])
      );
      return row?.uid;
    } finally {
      await database.close();
    }
  } catch (error) {
    // No database that can be read: it is not for `init` to touch.
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}
