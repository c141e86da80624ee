import { createDatabase } from "./database/create_database.ts";
import type { Database } from "./database/database.ts";
import { openDatabase } from "./database/open_database.ts";
import type { FileStat, Host } from "./host/host.ts";
import { makeFolderOnce } from "./host/shared_access.ts";
import { dirname } from "./path.ts";

/** What is remembered of a file in the work tree since it was last hashed. */
export interface IndexedFile {
  /** Relative to the work tree. */
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
  /**
   * When it was hashed, by the clock of its disk ({@link FileClock}): a change in the same instant
   * would not show in the times.
   */
  readonly indexedMs: number;
  readonly sha256: string;
  /** LaminDB's hash and its type. */
  readonly hash: string;
  readonly hashType: string;
}

const table = `CREATE TABLE IF NOT EXISTS file (
  path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL, inode INTEGER NOT NULL, indexed_ms INTEGER NOT NULL,
  sha256 TEXT NOT NULL, hash TEXT NOT NULL, hash_type TEXT NOT NULL
) WITHOUT ROWID`;

const columns = `path, size, modified_ms AS modifiedMs, changed_ms AS changedMs, inode,
  indexed_ms AS indexedMs, sha256, hash, hash_type AS hashType`;

/**
 * A cache on this machine of the hashes of files in one work tree, so that files which did not
 * change are not read again. It holds nothing that cannot be made anew: where it cannot be opened
 * or written, work goes on without it.
 */
export class WorkIndex {
  #database: Database | undefined;

  /** `path` is the file of the cache; it is made with the first entry. */
  constructor(private readonly host: Host, private readonly path: string) {}

  /** All entries by path. */
  async all(): Promise<Map<string, IndexedFile>> {
    const database = this.#open();
    if (database === undefined) return new Map();
    return await this.#tolerant(async () => {
      const rows = await database.read((reader) =>
        reader.all<IndexedFile>(`SELECT ${columns} FROM file`)
      );
      return new Map(rows.map((row) => [row.path, row]));
    }, new Map());
  }

  /** Remembers files and forgets paths. */
  async update(files: Iterable<IndexedFile>, forget: Iterable<string> = []): Promise<void> {
    const added = [...files];
    const removed = [...forget];
    if (added.length === 0 && removed.length === 0) return;
    await this.#tolerant(async () => {
      const database = this.#open() ?? this.#create();
      await database.write(async (writer) => {
        for (const path of removed) await writer.run("DELETE FROM file WHERE path = ?", [path]);
        for (const file of added) {
          await writer.run("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [
            file.path,
            file.size,
            file.modifiedMs,
            file.changedMs,
            file.inode,
            file.indexedMs,
            file.sha256,
            file.hash,
            file.hashType,
          ]);
        }
      });
    }, undefined);
  }

  async close(): Promise<void> {
    await this.#database?.close();
    this.#database = undefined;
  }

  #open(): Database | undefined {
    if (this.#database === undefined && this.host.files.stat(this.path)?.kind === "file") {
      try {
        this.#database = openDatabase(this.host, { path: this.path });
      } catch {
        return undefined; // unreadable or damaged
      }
    }
    return this.#database;
  }

  #create(): Database {
    makeFolderOnce(this.host.files, dirname(this.path));
    for (const end of ["", "-wal", "-shm", "-journal"]) {
      if (this.host.files.lstat(this.path + end) !== null) this.host.files.remove(this.path + end);
    }
    this.#database = createDatabase(this.host, {
      path: this.path,
      setUp: ["PRAGMA synchronous = NORMAL", table],
    });
    return this.#database;
  }

  /** A cache that fails is no reason for a command to fail. */
  async #tolerant<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch {
      return otherwise;
    }
  }
}

/** Whether a file surely still has the content that the entry speaks of. */
export function isUnchanged(indexed: IndexedFile, stat: FileStat): boolean {
  return indexed.size === stat.size &&
    indexed.modifiedMs === stat.modifiedMs &&
    indexed.changedMs === stat.changedMs &&
    indexed.inode === stat.inode &&
    indexed.indexedMs > Math.max(stat.modifiedMs, stat.changedMs);
}

/** The entry of a file that was hashed at `indexedMs`, with the stat taken before it was read. */
export function indexEntry(
  path: string,
  stat: FileStat,
  indexedMs: number,
  content: { sha256: string; hash: string; hashType: string },
): IndexedFile {
  return {
    path,
    size: stat.size,
    modifiedMs: stat.modifiedMs,
    changedMs: stat.changedMs,
    inode: stat.inode,
    indexedMs,
    sha256: content.sha256,
    hash: content.hash,
    hashType: content.hashType,
  };
}
