import assert from "node:assert/strict";
import { withRaw } from "../raw_database.ts";
import { databaseUrlOf } from "../test_database.ts";
import { type RunWorld, withRunWorld } from "./run_world.ts";

Deno.test("run: all of it belongs to the project", async () => {
  await withRunWorld(async (world) => {
    const [user] = world.rows("SELECT id FROM lamindb_user");
    withRaw(world.root, (database) =>
      database.run(
        `INSERT INTO lamindb_project (uid, name, _status_code, is_type, is_locked, created_at,
           updated_at, created_by_id, branch_id, created_on_id, space_id)
         VALUES ('projectAAAAA', 'atlas', 0, ${no(world)}, ${no(world)}, '2026-11-01 00:00:00',
           '2026-11-01 00:00:00', ${user!["id"]}, 1, 1, 1)`,
      ));
    const script = "echo 1 > a.txt; lamin add -q a.txt; echo 2 > b.txt";
    const { code, stderr } = await world.say(
      ["run", "--project", "atlas", "--out", "b.txt", "sh", "-c", script],
    );
    assert.equal(code, 0, stderr);
    const count = (table: string) => world.rows(`SELECT id FROM lamindb_${table}project`).length;
    assert.deepEqual(["run", "transform", "artifact"].map(count), [1, 1, 2]);
  });
});

/** A false value as the engine writes it. */
function no({ root }: RunWorld): string {
  return databaseUrlOf(root) === undefined ? "0" : "false";
}

Deno.test("run: in JSON the result alone is on standard output", async () => {
  await withRunWorld(async (world) => {
    const { stdout, stderr } = await world.say(
      ["run", "--json", "--out", "a", "sh", "-c", "echo noise; echo x > a; exit 0"],
    );
    const result = JSON.parse(stdout);
    const run = world.lastRun();
    assert.deepEqual(result, {
      uid: run["uid"],
      transform: "sh -c 'echo noise; echo x > a; exit 0'",
      status: "completed",
      code: 0,
      inputs: [],
      outputs: ["a"],
    });
    assert.equal(stderr, "noise\n");
  });
});

Deno.test("run: no secret is stored, wherever it stands", async () => {
  await withRunWorld(async (world) => {
    const canary = "canary7Gq2pLx9Zt";
    world.write("leak.sh", `API_TOKEN=${canary}a\necho "$MY_SECRET_TOKEN $API_TOKEN" "$@"\n`);
    const { code, stdout } = await world.say([
      ...["run", "--param", `password=${canary}b`, "--", "sh", "leak.sh"],
      ...["--token", `${canary}c`, `https://me:${canary}d@example.org/`, `--api-key=${canary}e`],
    ], { MY_SECRET_TOKEN: `${canary}f` });
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`${canary}f ${canary}a --token ${canary}c`));
    const stored = ["run", "transform", "artifact"].flatMap((table) =>
      world.rows(`SELECT * FROM lamindb_${table}`)
    ).concat(world.rows("SELECT * FROM lamin_operation"), world.rows("SELECT * FROM lamin_change"));
    assert.ok(!JSON.stringify(stored).includes(canary), JSON.stringify(stored));
    for (const { uid } of world.rows("SELECT uid FROM lamindb_artifact")) {
      const { stdout } = await world.run(["cat", String(uid)]);
      assert.ok(!stdout.includes(canary), stdout);
    }
    assert.equal(JSON.parse(String(world.lastRun()["extra_data"])).lamin.redacted, true);
  });
});
