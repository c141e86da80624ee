/**
 * Inserts the rows that registering the files of a list needs, in one transaction, with all indexes
 * and the durability that lamin has: `raw_rows.ts DATABASE LIST`. What takes longer than this is
 * not the database.
 */
import { DatabaseSync } from "node:sqlite";
import { Random } from "./random.ts";

const [path, list] = Deno.args;
if (path === undefined || list === undefined) {
  console.error("usage: raw_rows.ts DATABASE LIST");
  Deno.exit(2);
}
const database = new DatabaseSync(path);
// Small caches write pages of indexes again and again: with SQLite's own 2 MB it takes half as long
// again.
database.exec("PRAGMA cache_size = -262144; BEGIN IMMEDIATE");
const artifact = database.prepare(
  `INSERT INTO lamindb_artifact (uid, key, _real_key, suffix, size, hash, _hash_type,
     _key_is_virtual, _overwrite_versions, storage_id, is_latest, created_at, created_by_id,
     updated_at)
   VALUES (?, ?, ?, '.bin', 10, ?, 'md5', 0, 0, 1, 1, ?, 1, ?)`,
);
const content = database.prepare(
  "INSERT INTO lamin_content (artifact_id, sha256, is_folder, hash) VALUES (?, ?, 0, ?)",
);
const object = database.prepare(
  `INSERT INTO lamin_object (storage_id, name, sha256, size, is_folder, created_at)
   VALUES (1, ?, ?, 10, 0, ?)`,
);
const random = new Random(13);
const now = new Date().toISOString().replace("T", " ").replace("Z", "000");
for (const key of Deno.readTextFileSync(list).split("\n")) {
  if (key === "") continue;
  const sha256 = random.hex(64);
  const hash = random.text(22);
  const { lastInsertRowid } = artifact.run(random.text(20), key, key, hash, now, now);
  content.run(lastInsertRowid, sha256, hash);
  object.run(key, sha256, now);
}
database.exec("COMMIT");
database.close();
