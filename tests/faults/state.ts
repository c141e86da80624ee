import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { createHash } from "node:crypto";

/** Everything that lies in some folders, to be compared before and after. */
export interface State {
  /** The journals of all databases of instances, and the rows of all their tables. */
  readonly rows: string;
  /** SHA-256 by path of what users have. */
  readonly files: ReadonlyMap<string, string>;
  /** SHA-256 by path of what the store has, without its databases. */
  readonly stored: ReadonlyMap<string, string>;
}

/** The state of everything below a folder; paths are relative to it. */
export function stateOf(base: string, folders: readonly string[]): State {
  const rows: string[] = [];
  const files = new Map<string, string>();
  const stored = new Map<string, string>();
  for (const folder of folders) {
    for (const path of pathsBelow(base, folder)) {
      if (path.endsWith("/.lamindb/lamin.db")) {
        rows.push(journalOf(`${base}/${path}`), rowsOf(`${base}/${path}`));
      }
      // The cache of hashes can be lost at any time.
      if (/\/(lamin|work_index)\.(db(-\w+)?|clock)$/.test(path)) continue;
      const isStored = path.includes("/.lamindb/");
      (isStored ? stored : files).set(path, contentOf(`${base}/${path}`));
    }
  }
  return { rows: rows.join("\n"), files, stored };
}

/** Throws and shows the first row that differs, unless rows are the same but for what is random. */
export function requireSameRows(now: string, wanted: string): void {
  const [some, others] = [now, wanted].map((rows) => withoutRandomness(rows).split("\n"));
  const index = some!.findIndex((row, index) => row !== others![index]);
  if (index >= 0) assert.equal(some![index], others![index]);
  assert.equal(some!.length, others!.length);
}

/**
 * Rows without times and counts of findings (what cannot be read for a moment is one), in which
 * what is random is called by where it stands first, so that two runs of the same command can be
 * compared.
 */
function withoutRandomness(rows: string): string {
  const names = new Map<string, string>();
  for (const [, uid] of rows.matchAll(/"uid":"(\w+)"/g)) {
    const stem = uid!.slice(0, uid!.length === 20 ? 16 : uid!.length);
    if (!names.has(stem)) names.set(stem, `<${names.size}>`);
  }
  let text = rows.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}/g, "<time>")
    .replace(/repaired \d+ of \d+ findings/g, "repaired some");
  for (const [uid, name] of names) text = text.replaceAll(uid, name);
  return text;
}

/** Which journal the file has, as its header says (sqlite.org/fileformat, 1.3.3). */
function journalOf(path: string): string {
  return Deno.readFileSync(path)[18] === 2 ? "write-ahead log" : "rollback journal";
}

function rowsOf(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    ).all();
    return tables.flatMap(({ name }) => {
      const rows = database.prepare(`SELECT * FROM "${name}"`).all();
      return rows.map((row) => `${name} ${JSON.stringify(row)}`);
    }).join("\n");
  } finally {
    database.close();
  }
}

function* pathsBelow(base: string, folder: string): Generator<string> {
  const entries = [...Deno.readDirSync(`${base}/${folder}`)];
  for (const { name, isDirectory } of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* pathsBelow(base, path);
    else yield path;
  }
}

/** What tells contents apart; the random uid at the start of a storage's mark does not count. */
function contentOf(path: string): string {
  const bytes = Deno.readFileSync(path);
  if (path.endsWith("/storage_uid.txt")) {
    return new TextDecoder().decode(bytes).replace(/^\w{12}\n/, "<uid>\n");
  }
  return createHash("sha256").update(bytes).digest("hex");
}
