import { DatabaseSync, type StatementSync } from "node:sqlite";
import { once } from "./data.ts";
import { familiesOf, type Family, keyOf, suffixOf } from "./families.ts";
import { Random } from "./random.ts";
import { type Bench, Failure } from "./workbench.ts";

/** What the questions ask for; all of it is in every instance that is made here. */
export const asked = {
  /** A key with several versions. */
  key: keyOf(7),
  prefix: "exp/0001/",
  suffix: ".h5ad",
  /** Of one in twenty. */
  label: "tissue 07",
  /** Of one in a thousand. */
  rareLabel: "withdrawn",
} as const;

const labelCount = 20;
const start = Date.UTC(2024, 0, 1);

/**
 * An instance with so many rows of artifacts, as `lamin add` would have made them in commands of one
 * to two hundred, nine tenths of them new keys and the others versions, all labelled. Rows are
 * inserted directly; there are no bytes. Gives the folder of the instance.
 */
export function artifacts(bench: Bench, count: number): Promise<string> {
  // The number is that of this description: a change of it makes the data anew.
  return once(bench, `artifacts-${count}-2`, async (path) => {
    Deno.mkdirSync(path);
    const place = { folder: path, store: path };
    const { init, add } = bench.lamin.work;
    await bench.measure(bench.lamin, place, init!(place, ""));
    // With the first addition all tables are there.
    Deno.writeTextFileSync(`${path}/first.txt`, "first\n");
    await bench.measure(bench.lamin, place, add!(place, "first.txt"));
    await fill(bench, `${path}/.lamindb/lamin.db`, count);
  });
}

async function fill(bench: Bench, path: string, count: number): Promise<void> {
  const database = new DatabaseSync(path);
  try {
    // It is thrown away when it does not become complete.
    database.exec(
      "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -262144",
    );
    const indexes = indexesOf(database);
    database.exec("BEGIN IMMEDIATE");
    // Indexes are made faster afterwards than row by row.
    for (const { name } of indexes) database.exec(`DROP INDEX "${name}"`);
    await insertRows(bench, database, count);
    for (const { sql } of indexes) database.exec(sql);
    database.exec("COMMIT");
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}

interface Index {
  readonly name: string;
  readonly sql: string;
}

function indexesOf(database: DatabaseSync): Index[] {
  const tables = [
    "lamindb_artifact",
    "lamindb_artifactulabel",
    "lamin_content",
    "lamin_object",
    "lamin_change",
  ].map((name) => `'${name}'`);
  return database.prepare(
    `SELECT name, sql FROM sqlite_master
     WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (${tables})`,
  ).all() as unknown as Index[];
}

async function insertRows(bench: Bench, database: DatabaseSync, count: number): Promise<void> {
  const labels = insertLabels(database);
  const into = statements(database);
  const first = lastId(database, "lamindb_artifact") + 1;
  const random = new Random(12);
  let batch = { first, end: first };
  for (const family of familiesOf(count)) {
    if (family.row % 1000 === 0) await bench.breathe();
    const id = first + family.row;
    if (id === batch.end) {
      batch = { first: id, end: Math.min(id + 1 + random.below(200), first + count) };
      insertOperation(into, batch, momentOf(family.row));
    }
    insertArtifact(into, id, family, random);
    into.label.run(id, labels[random.below(labelCount)]!, momentOf(family.row));
    if (family.row % 1000 === 500) into.label.run(id, labels[labelCount]!, momentOf(family.row));
  }
}

function insertLabels(database: DatabaseSync): number[] {
  const insert = database.prepare(
    `INSERT INTO lamindb_ulabel (uid, name, is_type, created_at, created_by_id, updated_at)
     VALUES (?, ?, 0, ?, 1, ?) RETURNING id`,
  );
  const random = new Random(11);
  const names = Array.from(
    { length: labelCount },
    (_, index) => `tissue ${index.toString().padStart(2, "0")}`,
  );
  return [...names, asked.rareLabel].map((name) => {
    const row = insert.get(random.text(8), name, momentOf(0), momentOf(0));
    return Number(row!["id"]);
  });
}

type Statements = Readonly<Record<"artifact" | "content" | "object" | "label", StatementSync>> & {
  readonly operation: StatementSync;
  readonly change: StatementSync;
};

function statements(database: DatabaseSync): Statements {
  return {
    artifact: database.prepare(
      `INSERT INTO lamindb_artifact (id, uid, key, _real_key, suffix, kind, size, hash, _hash_type,
         _key_is_virtual, _overwrite_versions, storage_id, is_latest, created_at, created_by_id,
         updated_at)
       VALUES (?, ?, ?, ?, ?, 'dataset', ?, ?, 'md5', 1, 0, 1, ?, ?, 1, ?)`,
    ),
    content: database.prepare(
      "INSERT INTO lamin_content (artifact_id, sha256, is_folder, hash) VALUES (?, ?, 0, ?)",
    ),
    object: database.prepare(
      `INSERT INTO lamin_object (storage_id, name, sha256, size, is_folder, created_at)
       VALUES (1, ?, ?, ?, 0, ?)`,
    ),
    label: database.prepare(
      `INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_at, created_by_id)
       VALUES (?, ?, ?, 1)`,
    ),
    operation: database.prepare(
      `INSERT INTO lamin_operation (uid, created_at, verb, command, summary, user, host)
       VALUES (?, ?, 'add', '["add","."]', ?, 'anonymous', 'bench') RETURNING id`,
    ),
    change: database.prepare(
      "INSERT INTO lamin_change (operation_id, table_name, first_id, last_id) VALUES (?, ?, ?, ?)",
    ),
  };
}

function insertArtifact(into: Statements, id: number, family: Family, random: Random): void {
  const { row, key, stem, version, isLatest } = family;
  const suffix = suffixOf(key);
  const sha256 = random.hex(64);
  const hash = random.text(22);
  const size = random.below(1 << 30);
  const object = `.lamindb/objects/${sha256.slice(0, 2)}/${sha256}${suffix}`;
  const at = momentOf(row);
  const uid = stem + version.toString().padStart(4, "0");
  into.artifact.run(id, uid, keyOf(key), object, suffix, size, hash, isLatest ? 1 : 0, at, at);
  into.content.run(id, sha256, hash);
  into.object.run(object, sha256, size, at);
}

function insertOperation(
  into: Statements,
  { first, end }: { readonly first: number; readonly end: number },
  at: string,
): void {
  const uid = new Random(first).text(12);
  const operation = into.operation.get(uid, at, `${end - first} added`);
  if (operation === undefined) throw new Failure("no operation was inserted");
  for (const table of ["lamindb_artifact", "lamin_content", "lamin_object"]) {
    into.change.run(operation["id"]!, table, first, end - 1);
  }
}

function lastId(database: DatabaseSync, table: string): number {
  return Number(database.prepare(`SELECT max(id) AS id FROM ${table}`).get()?.["id"] ?? 0);
}

/** A minute after the row before, as the database has times. */
function momentOf(row: number): string {
  return new Date(start + row * 60_000).toISOString().replace("T", " ").replace("Z", "000");
}
