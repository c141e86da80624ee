import { openDatabase } from "../../store/database/open_database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { storage } from "../registry/lamindb/storage.ts";

/**
 * Throws code "damaged" when a database is no instance with the write-ahead log beside it. SQLite
 * takes a log for the database's by its name alone: one of another database, left where a copy was
 * put in place, would be written over it by the first connection that ends. One that only reads
 * writes nothing back, so it looks first.
 */
export async function requireOwnLog(host: Host, path: string): Promise<void> {
  if ((host.files.stat(`${path}-wal`)?.size ?? 0) === 0) return;
  try {
    if (await isInstance(host, path)) return;
  } catch (error) {
    if (!(error instanceof LaminError) || error.code !== "damaged") throw error;
  }
  throw new LaminError("damaged", `${path} and the log beside it do not belong together`, {
    hint: "if the database was copied to its place, move its '-wal' and '-shm' files away",
    data: { path },
  });
}

async function isInstance(host: Host, path: string): Promise<boolean> {
  const database = openDatabase(host, { path, readOnly: true });
  try {
    return await database.read((reader) => reader.hasTable(storage.name));
  } finally {
    await database.close();
  }
}
