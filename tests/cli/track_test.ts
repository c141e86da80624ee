import assert from "node:assert/strict";
import { edgesOf, withRunWorld } from "./run_world.ts";

Deno.test("track: a script's run has its code, what it reads and what it adds", async () => {
  await withRunWorld(async (world) => {
    world.write("raw.txt", "2\n1\n");
    world.write("untouched.txt", "u\n");
    await world.lamin("add", ".");
    world.write(
      "steps/go.sh",
      `set -e
cd /
uid=$(lamin -C "$LAB" track --name night --param k=5 --format '{uid}')
cd "$LAB"
lamin cat raw.txt | sort > sorted.txt
(lamin add -q sorted.txt untouched.txt)
echo "run $uid"
lamin finish -q
lamin cat raw.txt > /dev/null
`,
    );
    const { code, stdout, stderr } = await world.shell("sh steps/go.sh x 'y z'", {
      LAB: world.root,
    });
    assert.equal(code, 0, stderr);
    const run = world.lastRun();
    assert.match(stdout, new RegExp(`run ${run["uid"]}\n`));
    assert.deepEqual([run["_status_code"], run["name"], run["cli_args"]], [
      0,
      "night",
      "x 'y z'",
    ]);
    assert.deepEqual(JSON.parse(String(run["params"])), { k: 5 });
    assert.deepEqual(edgesOf(world, run["id"]), {
      inputs: ["raw.txt"],
      outputs: ["sorted.txt"],
      recreated: [],
    });
    const [transform] = world.rows("SELECT * FROM lamindb_transform");
    assert.deepEqual([transform!["key"], transform!["source_code"]], [
      "steps/go.sh",
      world.read("steps/go.sh"),
    ]);
    assert.ok(!world.exists(".lamindb/runs"));
  });
});

Deno.test("track: shells beside each other keep their own runs", async () => {
  await withRunWorld(async (world) => {
    const script = (name: string) =>
      `lamin track -q
touch at.${name}; until [ -e at.a ] && [ -e at.b ]; do sleep 0.02; done
echo ${name} > ${name}.txt; lamin add -q ${name}.txt; lamin finish -q\n`;
    world.write("a.sh", script("a"));
    world.write("b.sh", script("b"));
    const { code, stderr } = await world.shell("sh a.sh & sh b.sh & wait; true");
    assert.equal(code, 0, stderr);
    const made = world.rows(
      `SELECT t.key AS code, a.key FROM lamindb_artifact AS a JOIN lamindb_run AS r ON r.id = a.run_id
       JOIN lamindb_transform AS t ON t.id = r.transform_id ORDER BY a.key`,
    );
    assert.deepEqual(made, [{ code: "a.sh", key: "a.txt" }, { code: "b.sh", key: "b.txt" }]);
  });
});

Deno.test("track: a script that ends without finish was aborted; one that failed says so", async () => {
  await withRunWorld(async (world) => {
    world.write("stops.sh", "lamin track -q\nexit 0\n");
    world.write(
      "fails.sh",
      "lamin track -q; trap 'lamin finish -q --code $?' EXIT\nfalse\nexit 4\n",
    );
    await world.shell("sh stops.sh");
    assert.equal(world.lastRun()["_status_code"], -1);
    const failed = await world.shell("sh fails.sh");
    assert.equal(failed.code, 4, failed.stderr);
    const states = world.rows("SELECT _status_code FROM lamindb_run ORDER BY id");
    assert.deepEqual(states.map((row) => row["_status_code"]), [2, 1]);
  });
});

Deno.test("track: below 'lamin run' that run goes on", async () => {
  await withRunWorld(async (world) => {
    world.write("go.sh", "lamin track -q; echo 1 > a.txt; lamin add -q a.txt; lamin finish -q\n");
    const { code, stderr } = await world.say(["run", "-q", "sh", "go.sh"]);
    assert.equal(code, 0, stderr);
    assert.equal(world.rows("SELECT id FROM lamindb_run").length, 1);
    assert.deepEqual(edgesOf(world, world.lastRun()["id"]).outputs, ["a.txt"]);
  });
});

Deno.test("track: finish without track is told, as is track without finish", async () => {
  await withRunWorld(async (world) => {
    const { code, stderr } = await world.shell("lamin finish; exit $?");
    assert.equal(code, 2);
    assert.match(stderr, /no run is tracked in this shell\n {2}'lamin track' begins one/);
    world.write("twice.sh", "lamin track -q > /dev/null; lamin track; echo $?; lamin finish -q\n");
    const twice = await world.shell("sh twice.sh");
    assert.match(twice.stdout, /^1\nrun \w+ completed\n$/);
    assert.match(twice.stderr, /run \w+ records this shell already\n {2}'lamin finish' ends it/);
  });
});
