import { type FileSystem, fileSystemOf } from "../host/file_system.ts";
import type { Host } from "../host/host.ts";
import { dirname } from "../path.ts";
import { LockFolder } from "./lock_folder.ts";
import type { SqliteOptions } from "./sqlite_connection.ts";

/** Where a database lies, and what that means for it. */
export interface Place {
  readonly host: Host;
  /** Links followed. */
  readonly folder: string;
  readonly system: FileSystem;
  readonly lock: LockFolder;
  readonly sqlite: SqliteOptions;
}

/** A database to be opened. */
export interface Wanted {
  readonly path: string;
  readonly readOnly?: boolean;
  /** True for what may be lost at a power failure, though never damaged. */
  readonly isCache?: boolean;
  /** True to read it and to leave no trace beside it, as far as that can be. */
  readonly isForeign?: boolean;
}

/** What is known of the place of a database before it is opened. */
export function placeOf(host: Host, { path, readOnly = false, isCache = false }: Wanted): Place {
  const folder = host.files.realPath(dirname(path));
  const system = fileSystemOf(host, folder);
  // The clock of another machine says nothing about the time of a change.
  const { files } = host;
  const stamping = system.isShared ? {} : {
    stat: (path: string) => files.stat(path),
    setModified: (path: string, ms: number) => files.setModified(path, ms),
  };
  return {
    host,
    folder,
    system,
    lock: new LockFolder(host, `${path}-locks`),
    sqlite: { path, readOnly, isCache, now: () => host.now(), ...stamping },
  };
}

/** Whether the file's header says that it has a write-ahead log (sqlite.org/fileformat, 1.3.3). */
export function hasLog({ host, sqlite }: Place): boolean {
  const file = host.files.open(sqlite.path, { read: true });
  try {
    const header = new Uint8Array(20);
    return file.read(header) === header.length && header[18] === 2;
  } finally {
    file.close();
  }
}
