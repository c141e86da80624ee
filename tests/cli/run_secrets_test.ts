import assert from "node:assert/strict";
import { withRunWorld } from "./run_world.ts";

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
