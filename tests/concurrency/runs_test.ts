import assert from "node:assert/strict";
import { edgesOf, withRunWorld } from "../cli/run_world.ts";

/** How many commands run at once. */
const count = 32;

Deno.test("32 runs at once keep their own inputs and outputs", async () => {
  await withRunWorld(async (world) => {
    const numbers = Array.from({ length: count }, (_, number) => number);
    for (const number of numbers) world.write(`in/${number}.txt`, `in ${number}\n`);
    await world.lamin("add", "in");
    // All are below their commands at the same time: none goes on before the last one is there.
    const step = `touch there/$N
      until [ "$(ls there | wc -l)" -eq ${count} ]; do sleep 0.05; done
      lamin cat in/$N.txt > nested/$N.txt && lamin add nested/$N.txt > /dev/null
      echo out $N > out/$N.txt; echo said $N`;
    world.write("step.sh", step);
    for (const folder of ["there", "nested", "out"]) Deno.mkdirSync(world.path(folder));
    const other = (number: number) => (number + 1) % count;
    const ends = await Promise.all(numbers.map((number) =>
      world.say([
        ...["run", "-q", "--name", `${number}`, "--in", `in/${other(number)}.txt`],
        ...["--out", `out/${number}.txt`, "--", "sh", "step.sh"],
      ], { N: `${number}` })
    ));
    for (const [number, { code, stdout, stderr }] of ends.entries()) {
      assert.deepEqual([code, stdout, stderr], [0, `said ${number}\n`, ""], String(number));
    }
    const runs = world.rows("SELECT id, uid, name, _status_code, report_id FROM lamindb_run");
    assert.equal(runs.length, count);
    for (const { id, name, _status_code, report_id } of runs) {
      const number = Number(name);
      assert.equal(_status_code, 0);
      assert.deepEqual(edgesOf(world, id), {
        inputs: [`in/${number}.txt`, `in/${other(number)}.txt`].sort(),
        outputs: [`nested/${number}.txt`, `out/${number}.txt`],
        recreated: [],
      });
      const [report] = world.rows(`SELECT uid FROM lamindb_artifact WHERE id = ${report_id}`);
      assert.equal(await world.lamin("cat", String(report!["uid"])), `said ${number}\n`);
    }
    assert.equal(world.rows("SELECT id FROM lamindb_transform").length, 1);
    assert.ok(!world.exists(".lamindb/runs"));
    assert.equal((await world.run(["fsck", "--deep"])).code, 0);
  });
});
