import type { Reader, Writer } from "../database/database.ts";
import type { Host } from "../host/host.ts";
import type { IndexedFile } from "./indexed_file.ts";
import { splitPath } from "./indexed_files.ts";
import { MergedFolder } from "./merged_folder.ts";
import { PackedFolder, type PackedRow, type Verdict } from "./packed_folder.ts";

/** With so many noted they are written: as objects they take several times the memory. */
const notedMax = 3000;

/** How many folders are held at a time. */
const foldersAtOnce = 100;

/** What is to change in the rows of folders, noted until there is enough of it to write. */
export class FolderChanges {
  /** Artifacts that have no path, or one of which nothing is remembered. */
  readonly lost: number[] = [];
  /** False once a row was met that is not what was written: its artifacts are lost unnamed. */
  isSound = true;
  #files = new Map<string, Map<string, IndexedFile | null>>();
  #verdicts = new Map<string, Map<string, Verdict>>();
  #noted = 0;

  constructor(private readonly host: Host, private readonly writer: Writer) {}

  get isMany(): boolean {
    return this.#noted >= notedMax;
  }

  /** Null forgets the path. */
  take(path: string, file: IndexedFile | null): void {
    note(this.#files, path, file);
    this.#noted++;
  }

  judge(path: string | undefined, verdict: Verdict): void {
    if (path === undefined) this.lost.push(verdict.artifactId);
    else note(this.#verdicts, path, verdict);
    this.#noted++;
  }

  /** Writes what was noted: first files, then what was found about them. */
  async write(): Promise<void> {
    this.host.tidyMemory();
    const folders = new Set([...this.#files.keys(), ...this.#verdicts.keys()]);
    const rows = new Map((await rowsOf(this.writer, folders)).map((row) => [row.path, row]));
    for (const path of folders) {
      const merged = new MergedFolder(path, rows.get(path));
      this.isSound &&= merged.isSound;
      merged.take(this.#files.get(path) ?? new Map());
      merged.judge(this.#verdicts.get(path) ?? new Map());
      for (const id of merged.lost) this.lost.push(id);
      await store(this.writer, path, merged);
    }
    this.#files = new Map();
    this.#verdicts = new Map();
    this.#noted = 0;
  }
}

/** Takes back all that was found about files, and drops damaged rows. */
export async function clearVerdicts(writer: Writer): Promise<void> {
  const paths = (await writer.all<{ path: string }>("SELECT path FROM folder"))
    .map(({ path }) => path);
  for (let start = 0; start < paths.length; start += foldersAtOnce) {
    for (const row of await rowsOf(writer, paths.slice(start, start + foldersAtOnce))) {
      const { isSound, hasVerdicts } = new PackedFolder(row.path, row);
      if (isSound && !hasVerdicts) continue;
      const merged = new MergedFolder(row.path, row);
      merged.clearVerdicts();
      await store(writer, row.path, merged);
    }
  }
}

/** The rows of the folders named, or all. */
export async function rowsOf(reader: Reader, folders?: Iterable<string>): Promise<PackedRow[]> {
  if (folders === undefined) {
    return await reader.all<PackedRow>("SELECT path, names, records, checksum FROM folder");
  }
  const list = reader.dialect.valuesOf([...new Set(folders)]);
  return await reader.all<PackedRow>(
    `SELECT path, names, records, checksum FROM folder WHERE path IN (${list.sql})`,
    list.parameters,
  );
}

async function store(writer: Writer, path: string, folder: MergedFolder): Promise<void> {
  if (!folder.isChanged) return;
  const { names, records, checksum } = folder.packed();
  if (names === "") await writer.run("DELETE FROM folder WHERE path = ?", [path]);
  else {
    const row = [path, names, records, checksum];
    await writer.run("INSERT OR REPLACE INTO folder VALUES (?, ?, ?, ?)", row);
  }
}

function note<T>(folders: Map<string, Map<string, T>>, path: string, change: T): void {
  const [folder, name] = splitPath(path);
  const there = folders.get(folder);
  if (there === undefined) folders.set(folder, new Map([[name, change]]));
  else there.set(name, change);
}
