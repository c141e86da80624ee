import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

/** What an instance has, read without the program. */
export interface Look {
  /** Rows of all tables, one text each; those of the operation log are apart. */
  readonly rows: readonly string[];
  readonly operations: readonly string[];
  /** SHA-256 of what each artifact's bytes are, by id. */
  readonly contents: Readonly<Record<string, string>>;
  /** Files of the work tree, with what a user could notice of them. */
  readonly files: Readonly<Record<string, string>>;
}

const ownFolders = new Set([".lamindb", ".lamin"]);
const logTables = new Set(["lamin_operation", "lamin_change"]);
const time = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}/g;

/** Looks at the instance in a folder; an instance that is not there has nothing. */
export function look(root: string): Look {
  const files = filesBelow(root, "");
  if (!exists(`${root}/.lamindb/lamin.db`)) {
    return { rows: [], operations: [], contents: {}, files };
  }
  const database = new DatabaseSync(`${root}/.lamindb/lamin.db`, { readOnly: true });
  try {
    const tables = database.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1",
    ).all().map(({ name }) => String(name));
    const rowsOf = (table: string) =>
      database.prepare(`SELECT * FROM "${table}" ORDER BY 1`).all()
        .map((row) => `${table} ${JSON.stringify(row)}`);
    return {
      rows: tables.filter((name) => !logTables.has(name)).flatMap(rowsOf),
      operations: tables.filter((name) => logTables.has(name)).flatMap(rowsOf),
      contents: contentsOf(database, root),
      files,
    };
  } finally {
    database.close();
  }
}

/**
 * Rows with uids and times that were not there before replaced by marks, so that two runs of the
 * same command compare.
 */
export function comparable(rows: readonly string[], before: Look): string[] {
  const old = new Set([...before.rows, ...before.operations].flatMap(uidsOf));
  const marks = new Map<string, string>();
  for (const uid of rows.flatMap(uidsOf)) {
    // A new version has the stem of the old one, and a number that follows from it.
    if (!old.has(uid) && !marks.has(uid)) marks.set(uid, `new${marks.size}`);
  }
  const oldTimes = new Set(
    [...before.rows, ...before.operations].flatMap((row) => row.match(time) ?? []),
  );
  return rows.map((row) => {
    for (const [uid, mark] of marks) row = row.replaceAll(uid, mark);
    return row.replaceAll(time, (text) => oldTimes.has(text) ? text : "now");
  });
}

/** The uid of a row, or what all versions of an artifact have of it in common. */
function uidsOf(row: string): string[] {
  return [...row.matchAll(/"uid":"([^"]+)"/g)].map(([, uid]) => uid!.slice(0, 16));
}

function contentsOf(database: DatabaseSync, root: string): Record<string, string> {
  const rows = database.prepare(
    `SELECT a.id, a.key, a._real_key, s.root FROM lamindb_artifact AS a
     JOIN lamindb_storage AS s ON s.id = a.storage_id`,
  ).all();
  return Object.fromEntries(
    rows.map(({ id, key, _real_key, root: storage }) => {
      const folder = String(storage).startsWith("/") ? storage : root;
      return [id, hashOf(`${folder}/${_real_key ?? key}`)];
    }),
  );
}

/** SHA-256 of a file, or those of all files of a folder; "missing" where nothing is. */
export function hashOf(path: string): string {
  if (!exists(path)) return "missing";
  if (Deno.statSync(path).isDirectory) {
    return [...Deno.readDirSync(path)].map(({ name }) => `${name} ${hashOf(`${path}/${name}`)}`)
      .sort().join("\n");
  }
  return createHash("sha256").update(Deno.readFileSync(path)).digest("hex");
}

/** Files of a work tree below a folder of it, with what a user could notice of them. */
export function filesBelow(root: string, folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(`${root}/${folder}`)) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (ownFolders.has(path)) continue;
    if (isDirectory) Object.assign(found, filesBelow(root, path));
    else {
      const { mode, mtime } = Deno.lstatSync(`${root}/${path}`);
      found[path] = `${hashOf(`${root}/${path}`)} ${mode?.toString(8)} ${mtime?.getTime()}`;
    }
  }
  return found;
}

/** Whether something is at a path. */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
