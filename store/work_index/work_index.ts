import { createDatabase } from "../database/create_database.ts";
import type { Database, Reader, Writer } from "../database/database.ts";
import { openDatabase } from "../database/open_database.ts";
import type { Host } from "../host/host.ts";
import { makeFolderOnce } from "../host/shared_access.ts";
import { dirname } from "../path.ts";
import type { IndexedFile } from "./indexed_file.ts";
import { clearVerdicts, FolderChanges, rowsOf } from "./folder_changes.ts";
import { IndexedFiles, type Mark, nothingIndexed } from "./indexed_files.ts";
import { markTable, readMark, writeMark } from "./mark_row.ts";
import { PackedFolder, type Verdict } from "./packed_folder.ts";

const tables = [
  `CREATE TABLE folder (
    path TEXT PRIMARY KEY, names TEXT NOT NULL, records BLOB NOT NULL, checksum INTEGER NOT NULL
  )`,
  markTable,
];
const columnNames = "path,names,records,checksum,id,stamp,branch,others,stored,folders,checksum";

/** What to change in the cache. */
export interface IndexUpdate {
  /** Files that were read. */
  readonly files?: readonly IndexedFile[];
  readonly forget?: readonly string[];
  readonly settled?: Settled;
  /** What is to be the mark's `stored`, if it still has this stamp. */
  readonly stored?: Pick<Mark, "stamp" | "stored">;
}

/** What a comparison with the database found. */
export interface Settled {
  /**
   * Stamp of the mark that the verdicts were found on top of: without that mark they are not kept.
   * Undefined when all artifacts were compared: these verdicts then replace all that there were.
   */
  readonly onTopOf: string | undefined;
  readonly mark: Mark;
  /**
   * By path, in any order; the last one of a path counts. Artifacts without a path or at one that
   * has no entry go to the mark's `others`. Asked once, while the cache is written.
   */
  readonly verdicts: Iterable<readonly [path: string | undefined, verdict: Verdict]>;
}

/**
 * A cache on this machine of the hashes of files in one work tree, so that files which did not
 * change are not read again, and of how they compare with the database, so that it is not asked
 * while nobody changes it. It holds nothing that cannot be made anew: where it cannot be opened or
 * written, work goes on without it. One row holds a folder, since reading and comparing thousands
 * of rows costs more than looking at the files does.
 */
export class WorkIndex {
  #database: Database | undefined;

  /** `path` is the file of the cache; it is made with the first entry. */
  constructor(private readonly host: Host, private readonly path: string) {}

  /** The entries of the folders named, or all. */
  async load(folders?: Iterable<string>): Promise<IndexedFiles> {
    const database = this.#open();
    if (database === undefined) return nothingIndexed;
    return await this.#tolerant(
      () => database.read((reader) => loadFrom(reader, folders)),
      nothingIndexed,
    );
  }

  /** Remembers files and what was found about them, and forgets paths. */
  async update(changes: IndexUpdate): Promise<void> {
    const { files, forget, settled, stored } = changes;
    const isEmpty = !files?.length && !forget?.length;
    if (isEmpty && settled === undefined && stored === undefined) return;
    await this.#tolerant(async () => {
      const database = await this.#openSound() ?? this.#create();
      await database.write(async (writer) => {
        await apply(this.host, writer, changes);
      });
    }, undefined);
  }

  /** Forgets how files compare with a database that is not asked any more. */
  async forgetVerdicts(): Promise<void> {
    await this.#tolerant(async () => {
      const database = await this.#openSound();
      await database?.write(async (writer) => {
        await clearVerdicts(writer);
        await writer.run("DELETE FROM mark");
      });
    }, undefined);
  }

  async close(): Promise<void> {
    await this.#tolerant(async () => await this.#database?.close(), undefined);
    this.#database = undefined;
  }

  #open(): Database | undefined {
    if (this.#database === undefined && this.host.files.stat(this.path)?.kind === "file") {
      try {
        this.#database = openDatabase(this.host, { path: this.path, isCache: true });
      } catch {
        return undefined; // unreadable or damaged
      }
    }
    return this.#database;
  }

  /** Undefined for a file that has not our tables: of an earlier version, or of nobody. */
  async #openSound(): Promise<Database | undefined> {
    const database = this.#open();
    if (database === undefined) return undefined;
    const isSound = await this.#tolerant(() => database.read(hasOurTables), false);
    if (isSound) return database;
    await this.close();
    return undefined;
  }

  #create(): Database {
    makeFolderOnce(this.host.files, dirname(this.path));
    for (const end of ["", "-wal", "-shm", "-journal"]) {
      if (this.host.files.lstat(this.path + end) !== null) this.host.files.remove(this.path + end);
    }
    this.#database = createDatabase(this.host, { path: this.path, setUp: tables, isCache: true });
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

async function hasOurTables(reader: Reader): Promise<boolean> {
  const columns = [...await reader.columnsOf("folder"), ...await reader.columnsOf("mark")];
  return columns.join() === columnNames;
}

async function loadFrom(reader: Reader, folders?: Iterable<string>): Promise<IndexedFiles> {
  if (!(await reader.hasTable("mark"))) return nothingIndexed;
  const mark = await readMark(reader);
  const packed = (await rowsOf(reader, folders)).map((row) => new PackedFolder(row.path, row));
  // Which artifacts belong into a damaged folder is not known: the mark claims that it is.
  const holds = packed.every(({ isSound }) => isSound);
  return new IndexedFiles(packed, holds ? mark : undefined, folders === undefined);
}

async function apply(
  host: Host,
  writer: Writer,
  { files = [], forget = [], settled, stored }: IndexUpdate,
): Promise<void> {
  const standing = await readMark(writer);
  const holds = settled !== undefined &&
    (settled.onTopOf === undefined || settled.onTopOf === standing?.stamp);
  if (holds && settled.onTopOf === undefined) await clearVerdicts(writer);
  const pending = new FolderChanges(host, writer);
  for (const path of forget) pending.take(path, null);
  for (const file of files) {
    pending.take(file.path, file);
    if (pending.isMany) await pending.write();
  }
  for (const [path, verdict] of holds ? settled.verdicts : []) {
    pending.judge(path, verdict);
    if (pending.isMany) await pending.write();
  }
  await pending.write();
  const next = holds ? settled.mark : standing;
  await writeMark(writer, pending.isSound ? following(next, pending.lost, stored) : undefined);
}

function following(
  mark: Mark | undefined,
  lost: readonly number[],
  stored: IndexUpdate["stored"],
): Mark | undefined {
  if (mark === undefined) return undefined;
  const others = lost.length === 0 ? mark.others : [...new Set([...mark.others, ...lost])];
  return { ...mark, others, stored: stored?.stamp === mark.stamp ? stored.stored : mark.stored };
}
