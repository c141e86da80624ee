import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "../../skip.ts";
import { onlySqlite } from "../../test_database.ts";
import { carry, type Lab, withLabs } from "./two_labs.ts";
import { ask, change } from "./wetlab.ts";

/** Runs `work` with a lab that has two files, and one that has nothing yet. */
async function withFiles(work: (alpha: Lab, beta: Lab) => Promise<void>): Promise<void> {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha.lamin("init", "--name", "alpha");
    await beta.lamin("init", "--name", "beta");
    alpha.write("a.csv", "x\n1\n");
    alpha.write("report.html", "<p>");
    await alpha.lamin("add", "a.csv", "report.html");
    await work(alpha, beta);
  });
}

const madeBy =
  `created_at, updated_at, is_locked, created_by_id, branch_id, created_on_id, space_id`;
const trace = `'2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000', false, 1, 1, 1, 1`;

test(
  "a record that cannot come is named, and what refers to it comes without",
  onlySqlite,
  async () => {
    await withFiles(async (alpha, beta) => {
      await change(alpha, () => [
        `INSERT INTO lamindb_transform (uid, key, kind, is_latest, ${madeBy})
       VALUES ('Transform0000000', 'script.py', 'script', true, ${trace})`,
        `INSERT INTO lamindb_run (uid, started_at, transform_id, report_id, _is_consecutive,
         _status_code, ${madeBy.replace("updated_at, ", "")})
       SELECT 'Run0000000000000', '2026-01-01 00:00:00.000000', lamindb_transform.id,
         lamindb_artifact.id, true, 0, ${trace.replace(/'[^']*', /, "")}
       FROM lamindb_transform, lamindb_artifact WHERE lamindb_artifact.key = 'report.html'`,
        // Nobody can have that many bytes; tables are written before those that they refer to.
        "UPDATE lamindb_artifact SET size = 'many' WHERE key = 'report.html'",
        `UPDATE lamindb_artifact SET run_id = (SELECT id FROM lamindb_run)`,
      ]);
      const { applied } = await carry(alpha, beta);
      deepEqual(applied!.refused.map(({ name, reason }) => [name, reason.split(" ")[1]]), [
        ["report.html", "size"],
      ]);
      const runs = await ask(beta, "SELECT uid, report_id FROM lamindb_run");
      deepEqual(runs.map(({ uid, report_id }) => [uid, report_id]), [["Run0000000000000", null]]);
      const artifacts = await ask(beta, "SELECT key, run_id IS NULL AS lost FROM lamindb_artifact");
      deepEqual(artifacts.map(({ key, lost }) => [key, Number(lost)]), [["a.csv", 0]]);
      match(await beta.lamin("fsck"), /no damage|not fetched/);
      await change(alpha, () => ["UPDATE lamindb_artifact SET size = 3 WHERE key = 'report.html'"]);
      const again = await carry(alpha, beta);
      deepEqual([again.applied!.refused, again.records], [[], 1]);
      await beta.lamin("undo");
      await beta.lamin("undo");
      deepEqual(await ask(beta, "SELECT id FROM lamindb_run"), []);
    });
  },
);

test("what cannot be without a record that does not come is named too", onlySqlite, async () => {
  await withFiles(async (alpha, beta) => {
    await change(alpha, () => [
      `CREATE TABLE "lab_node" (
         "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "uid" varchar(12) NOT NULL UNIQUE,
         "count" integer NOT NULL,
         "next_id" integer NOT NULL REFERENCES "lab_node" ("id") DEFERRABLE INITIALLY DEFERRED)`,
      `INSERT INTO "lab_node" VALUES
         (1, 'first', 1, 2), (2, 'second', 1, 3), (3, 'third', 'many', 3), (4, 'own', 1, 4)`,
    ]);
    const { applied } = await carry(alpha, beta);
    deepEqual(
      applied!.refused.map(({ name, reason }) => [name, /did not come along/.test(reason)]),
      [["third", false], ["second", true], ["first", true]],
    );
    const nodes = await ask(beta, `SELECT uid, next_id = id AS own FROM "lab_node"`);
    deepEqual(nodes.map(({ uid }) => uid), ["own"]);
    equal((await carry(alpha, beta)).applied!.refused.length, 3);
    await change(alpha, () => [`UPDATE "lab_node" SET "count" = 3 WHERE id = 3`]);
    deepEqual((await carry(alpha, beta)).applied!.refused, []);
    equal((await ask(beta, `SELECT uid FROM "lab_node"`)).length, 4);
  });
});
