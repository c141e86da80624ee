import assert from "node:assert/strict";
import { parseLookup } from "../../../core/query/lookup.ts";
import { type CompiledQuery, compileQuery, findRows } from "../../../core/query/query.ts";
import type { Reader } from "../../../store/database/database.ts";
import { withOpenInstance } from "../../open_instance.ts";
import { test } from "../../skip.ts";
import { onlySqlite } from "../../test_database.ts";

/** Six thousand artifacts like one that is there. */
const many = `
  CREATE TEMP TABLE copy AS SELECT * FROM lamindb_artifact WHERE uid = '2u7upeibfHBMzUTp0000';
  WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 6000)
  INSERT INTO lamindb_artifact (uid, key, suffix, hash, size, is_latest, _key_is_virtual,
    _overwrite_versions, storage_id, created_by_id, created_at, updated_at, branch_id,
    created_on_id, space_id, is_locked)
  SELECT printf('many%012d0000', n), printf('%s/%d/file %d.csv', substr('rawqcx', n % 5 + 1, 2), n % 97, n),
    '.csv', printf('hash%018d', n), n, 1, 1, 0, 1, 1, '2026-01-01 00:00:00.' || printf('%06d', n),
    '2026-01-01 00:00:00', 1, 1, 1, 0
  FROM counter;`;

async function planOf(reader: Reader, query: CompiledQuery): Promise<string> {
  const rows = await reader.all<{ detail: string }>(
    `EXPLAIN QUERY PLAN SELECT * FROM lamindb_artifact WHERE ${query.condition.sql}
     ORDER BY +created_at DESC LIMIT 20`,
    query.condition.parameters,
  );
  return rows.map(({ detail }) => detail).join("; ");
}

test("speed: conditions are looked up in indexes, never in every row", onlySqlite, async () => {
  await withOpenInstance("lamindb-2.12.1", async ({ reader, registries }) => {
    const indexes: Record<string, RegExp> = {
      "key=ra/0/file 5.csv": /INDEX lamindb_artifact_key_/,
      "key__startswith=ra/1": /INDEX lamindb_artifact_key_/,
      "size__gt=5990": /INDEX lamindb_artifact_size_/,
      "hash=hash000000000000000005": /INDEX lamindb_artifact_hash_/,
      "ulabels__name=IFNG": /INTEGER PRIMARY KEY .* lamindb_ulabel_name_/,
      "run__transform__key=ingest.py": /INDEX lamindb_artifact_run_id_/,
      "created_at__gt=2026-11-24": /INDEX lamindb_artifact_created_at_/,
    };
    for (const [typed, index] of Object.entries(indexes)) {
      const query = await compileQuery(reader, registries, registries.find("artifact"), {
        lookups: [parseLookup(typed)],
        branches: [1],
        allVersions: false,
        hidden: false,
        order: [],
      });
      const plan = await planOf(reader, query);
      assert.match(plan, index, typed);
      assert.doesNotMatch(plan, /SCAN lamindb_artifact\b/, typed);
    }
  }, many);
});

Deno.test("speed: the first rows of many are the same as of all, whatever is asked for", async () => {
  await withOpenInstance("lamindb-2.12.1", async ({ reader, registries }) => {
    const asked = ["key__startswith=ra/", "key__startswith=ra/1/", "size__gt=5990", "size__gt=10"];
    for (const typed of asked) {
      for (const order of [[], ["-size"], ["key"], ["description"]]) {
        const query = await compileQuery(reader, registries, registries.find("artifact"), {
          lookups: [parseLookup(typed)],
          branches: [1],
          allVersions: false,
          hidden: false,
          order,
        });
        const all = await findRows(reader, query);
        assert.deepEqual(await findRows(reader, query, 20), all.slice(0, 20), `${typed} ${order}`);
      }
    }
  }, many);
});
