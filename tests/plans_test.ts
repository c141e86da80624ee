/**
 * How SQLite goes about the questions of everyday commands. It knows no sizes of tables, so an
 * index on what nearly all rows have in common looks as good to it as one on what was asked for;
 * with a million rows it is not.
 */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { addFunctions } from "../store/database/sqlite_dialect.ts";
import { type Atlas, withAtlas } from "./cli/atlas.ts";
import { say } from "./cli/in_process.ts";
import { counted } from "./counting.ts";
import { changeDatabase } from "./open_instance.ts";
import { test } from "./skip.ts";
import { onlySqlite } from "./test_database.ts";

const commands: readonly (readonly string[])[] = [
  ["log", "-n", "20"],
  ["log", "data"],
  ["log", "data/a.csv"],
  ["show", "data/a.csv"],
  ["list", "artifact", "-n", "20"],
  ["list", "artifact", "-n", "20", "key__startswith=data/"],
  ["list", "artifact", "-n", "20", "suffix=.csv"],
  ["list", "artifact", "-n", "20", "ulabels__name=good"],
  ["list", "artifact", "-n", "20", "size__gt=1"],
  ["list", "artifact", "--json", "key=data/a.csv"],
  ["__complete", "reference", "da"],
  ["lineage", "data/a.csv"],
  ["lineage", "data/a.csv", "--depth", "2"],
  ["why", "data/a.csv"],
];

/** Ways to artifacts that lead over all of them: no index, or one that all rows are alike in. */
const wholeTable =
  /^SCAN (artifact|lamindb_artifact)$|_artifact_(branch|space|created_by|created_on|storage)_id_|_artifact_(is_latest|n_files)_/;

/** What SQLite would do for a query, a line each. */
function planOf(database: DatabaseSync, query: string): string[] {
  const lines = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all();
  return lines.map((line) => String(line["detail"]));
}

/** The queries of a command to LaminDB's tables. */
async function queriesOf(atlas: Atlas, words: readonly string[]): Promise<string[]> {
  const { texts } = await counted(async (wrap) => {
    const place = { folder: atlas.root, home: atlas.home, wrap };
    const { code, stderr } = await say(place, ...words);
    assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
  });
  return [...texts].filter((text) => /\b(FROM|JOIN)\s+"?lamin(db)?_/.test(text));
}

test("plans: no everyday question goes through all artifacts", onlySqlite, async (t) => {
  await withAtlas(async (atlas) => {
    for (const name of ["a", "b", "c"]) atlas.write(`data/${name}.csv`, `x,${name}\n`);
    await atlas.lamin("add", ".");
    changeDatabase(
      atlas.path(".lamindb/lamin.db"),
      `INSERT INTO lamindb_ulabel (uid, name, created_by_id) VALUES ('abcdefgh', 'good', 1);
       INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_by_id)
         SELECT id, 1, 1 FROM lamindb_artifact`,
    );
    const database = new DatabaseSync(atlas.path(".lamindb/lamin.db"), { readOnly: true });
    try {
      addFunctions(database);
      for (const words of commands) {
        await t.step(words.join(" "), async () => {
          const queries = await queriesOf(atlas, words);
          assert.ok(queries.some((query) => query.includes("lamindb_artifact")), "they are seen");
          for (const query of queries) {
            assert.deepEqual(
              planOf(database, query).filter((line) => wholeTable.test(line)),
              [],
              query,
            );
          }
        });
      }
      assert.ok(
        planOf(database, "SELECT id FROM lamindb_artifact WHERE branch_id = 1 AND size + 1 > 7")
          .some((line) => wholeTable.test(line)),
        "this test would see it",
      );
    } finally {
      database.close();
    }
  });
});
