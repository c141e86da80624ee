import assert from "node:assert/strict";
import { edgesOf, type RunWorld, withRunWorld } from "./run_world.ts";

const nothing = { inputs: [], outputs: [], recreated: [] };

function reportOf(world: RunWorld): string {
  const [row] = world.rows(
    `SELECT a.uid FROM lamindb_artifact AS a JOIN lamindb_run AS r ON r.report_id = a.id
     ORDER BY r.id DESC LIMIT 1`,
  );
  return String(row!["uid"]);
}

Deno.test("run: output, input and exit code are passed on, and all of it is recorded", async () => {
  await withRunWorld(async (world) => {
    world.write("count.sh", '#!/bin/sh\nwc -l < "$1" > "$2"\necho counted; echo careful >&2\n');
    Deno.chmodSync(world.path("count.sh"), 0o755);
    world.write("raw/a.txt", "1\n2\n");
    await world.lamin("add", "raw");
    const { code, stdout, stderr } = await world.say([
      ...["run", "--in", "raw/a.txt", "--out", "n*.txt", "--name", "night", "--param", "k=5"],
      ...["--", "./count.sh", "raw/a.txt", "n 1.txt"],
    ]);
    assert.deepEqual([code, stdout], [0, "counted\n"], stderr);
    assert.match(stderr, /^careful\ncompleted: run \w{16}, 1 input, 1 output \(n 1\.txt\)\n$/);
    const run = world.lastRun();
    assert.deepEqual([run["_status_code"], run["name"], run["cli_args"]], [
      0,
      "night",
      "raw/a.txt 'n 1.txt'",
    ]);
    assert.deepEqual(JSON.parse(String(run["params"])), { k: 5 });
    assert.ok(String(run["finished_at"]) >= String(run["started_at"]));
    assert.deepEqual(edgesOf(world, run["id"]), {
      inputs: ["raw/a.txt"],
      outputs: ["n 1.txt"],
      recreated: [],
    });
    const [transform] = world.rows("SELECT * FROM lamindb_transform");
    assert.deepEqual([transform!["key"], transform!["kind"], transform!["source_code"]], [
      "count.sh",
      "script",
      world.read("count.sh"),
    ]);
    const [report] = world.rows(`SELECT * FROM lamindb_artifact WHERE id = ${run["report_id"]}`);
    assert.deepEqual(
      [report!["kind"], report!["key"], report!["description"], report!["run_id"]],
      ["__lamindb_run__", null, `log streams of run ${run["uid"]}`, null],
    );
    assert.deepEqual((await world.lamin("cat", reportOf(world))).split("\n").sort(), [
      "",
      "careful",
      "counted",
    ]);
    assert.ok(run["environment_id"] !== null);
    const { lamin } = JSON.parse(String(run["extra_data"]));
    const uidOf = (key: string) =>
      world.rows(`SELECT uid FROM lamindb_artifact WHERE key = '${key}'`)[0]!["uid"];
    assert.deepEqual(lamin, {
      command: ["./count.sh", "raw/a.txt", "n 1.txt"],
      folder: ".",
      inputs: [{ uid: uidOf("raw/a.txt"), path: "raw/a.txt" }],
      outputs: [{ uid: uidOf("n 1.txt"), path: "n 1.txt" }],
      outs: ["n*.txt"],
      auto: false,
      redacted: false,
    });
    assert.ok(!world.exists(".lamindb/runs"));
    assert.equal((await world.run(["fsck", "--deep"])).code, 0);
  });
});

Deno.test("run: what a program reads from a pipe is the command's input", async () => {
  await withRunWorld(async (world) => {
    const { stdout, code } = await world.shell("printf 'b\\na\\n' | lamin run -q -- sort");
    assert.deepEqual([code, stdout], [0, "a\nb\n"]);
  });
});

Deno.test("run: a failure is recorded as such, and what it wrote is not", async () => {
  await withRunWorld(async (world) => {
    const failed = await world.say(["run", "--out", "x", "sh", "-c", "echo half > x; exit 3"]);
    assert.equal(failed.code, 3);
    assert.match(failed.stderr, /nothing that it wrote was recorded, since it failed/);
    assert.equal(world.lastRun()["_status_code"], 1);
    assert.deepEqual(edgesOf(world, world.lastRun()["id"]), nothing);
    const killed = await world.say(["run", "sh", "-c", "echo last words; kill -9 $$"]);
    assert.equal(killed.code, 128 + 9);
    assert.equal(world.lastRun()["_status_code"], 2);
    assert.equal(await world.lamin("cat", reportOf(world)), "last words\n");
    const last = world.lastRun()["uid"];
    for (const program of ["no-such-program", "./no-such-program"]) {
      const missing = await world.say(["run", program, "x"]);
      assert.equal(missing.code, 127);
      assert.match(missing.stderr, /there is no program '.*no-such-program'/);
      assert.equal(world.lastRun()["uid"], last);
    }
    world.write("data.txt", "no program\n");
    assert.equal((await world.say(["run", "./data.txt"])).code, 126);
    assert.equal(world.lastRun()["_status_code"], 1);
  });
});

Deno.test("run: words that are off, and inputs that are not as recorded, begin nothing", async () => {
  await withRunWorld(async (world) => {
    world.write("a.txt", "1\n");
    await world.lamin("add", "a.txt");
    world.write("a.txt", "changed\n");
    const cases: [RegExp, ...string[]][] = [
      [/there is no command to run/, "run"],
      [
        /a\.txt differs from every recorded version\n {2}record it first: 'lamin add a\.txt'/,
        "run",
        "--in",
        "a.txt",
        "touch",
        "ran",
      ],
      [/there is no artifact 'none'/, "run", "--in", "none", "touch", "ran"],
      [/lies outside the instance/, "run", "--out", "/tmp/*", "touch", "ran"],
      [/there is no project 'none'/, "run", "--project", "none", "touch", "ran"],
      [/NAME=VALUE/, "run", "--param", "x", "touch", "ran"],
      [/at most 150 characters/, "run", "--name", "x".repeat(151), "touch", "ran"],
    ];
    for (const [why, ...words] of cases) {
      const { code, stderr } = await world.say(words);
      assert.notEqual(code, 0, words.join(" "));
      assert.match(stderr, why);
    }
    assert.ok(!world.exists("ran"));
    assert.deepEqual(world.rows("SELECT id FROM lamindb_run"), []);
    assert.ok(!world.exists(".lamindb/runs"));
  });
});

Deno.test("run: an input may be an older version, a copy, a folder or not here", async () => {
  await withRunWorld(async (world) => {
    world.write("a.txt", "1\n");
    world.write("z.zarr/0", "0");
    await world.lamin("add", ".");
    world.write("a.txt", "2\n");
    await world.lamin("add", "a.txt");
    const [old] = world.rows("SELECT uid FROM lamindb_artifact WHERE key = 'a.txt' ORDER BY id");
    world.write("a.txt", "1\n");
    world.write("copy.txt", "2\n");
    Deno.removeSync(world.path("z.zarr"), { recursive: true });
    const { code, stderr } = await world.say([
      ...["run", "--in", "a.txt", "--in", "copy.txt", "--in", "z.zarr", "--", "true"],
    ]);
    assert.equal(code, 0, stderr);
    const read = world.rows(
      `SELECT a.key, a.uid FROM lamindb_artifact AS a
       JOIN lamindb_artifact_input_of_runs AS l ON l.artifact_id = a.id ORDER BY a.id`,
    );
    assert.deepEqual(read.map(({ key }) => key), ["a.txt", "z.zarr", "a.txt"]);
    assert.equal(read[0]!["uid"], old!["uid"]);
  });
});

Deno.test("run: --auto sees what a command writes, and what its words name", async () => {
  await withRunWorld(async (world) => {
    world.write("in/a.csv", "b\na\n");
    world.write("in/other.csv", "x\n");
    world.write("same.csv", "same\n");
    world.write("untouched.csv", "u\n");
    await world.lamin("add", ".");
    world.write("unknown.csv", "not recorded\n");
    const script = "sort in/a.csv > out.csv; cat unknown.csv > same2.csv; " +
      "printf 'same\\n' > same.csv; printf 'new\\n' > in/other.csv";
    const { code, stderr } = await world.say(["run", "--auto", "sh", "-c", script]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(edgesOf(world, world.lastRun()["id"]), {
      inputs: ["in/a.csv"],
      outputs: ["in/other.csv", "out.csv", "same.csv", "same2.csv"],
      recreated: [],
    });
    assert.match(stderr, /not noted as inputs, .*unknown\.csv/);
    assert.match(stderr, /what it read without naming it was not seen/);
    // The same again makes the same content: it is made again, and no edge is a circle.
    const again = await world.say(["run", "--auto", "sort", "-o", "out.csv", "in/a.csv"]);
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(edgesOf(world, world.lastRun()["id"]), {
      inputs: ["in/a.csv"],
      outputs: [],
      recreated: ["out.csv"],
    });
  });
});

Deno.test("run: a command that changes its input in place makes a new version of it", async () => {
  await withRunWorld(async (world) => {
    world.write("a.txt", "b\na\n");
    await world.lamin("add", "a.txt");
    await world.say(["run", "--in", "a.txt", "--out", "a.txt", "sort", "-o", "a.txt", "a.txt"]);
    const first = world.lastRun();
    assert.deepEqual(edgesOf(world, first["id"]), {
      inputs: ["a.txt"],
      outputs: ["a.txt"],
      recreated: [],
    });
    // Sorted already: what it read is what it wrote.
    await world.say(["run", "--in", "a.txt", "--out", "a.txt", "sort", "-o", "a.txt", "a.txt"]);
    assert.deepEqual(edgesOf(world, world.lastRun()["id"]), {
      inputs: ["a.txt"],
      outputs: [],
      recreated: [],
    });
  });
});

Deno.test("run: lamin inside a command notes inputs and outputs of it", async () => {
  await withRunWorld(async (world) => {
    world.write("a.txt", "1\n");
    world.write("b.txt", "2\n");
    world.write("c.txt", "3\n");
    world.write("old.txt", "old\n");
    await world.lamin("add", ".");
    world.write(
      "steps.sh",
      `set -e
lamin get a.txt --to here.txt > /dev/null
lamin cat b.txt > /dev/null
lamin head c.txt > /dev/null
printf made > made.txt
lamin add -q made.txt
lamin add -q old.txt
printf '3\\n' > c2.txt
lamin add -q c2.txt
printf piped | lamin add -q - --key piped.txt
lamin run -q --in made.txt -- true
`,
    );
    const { code, stderr } = await world.say(["run", "sh", "steps.sh"]);
    assert.equal(code, 0, stderr);
    const runs = world.rows("SELECT id, initiated_by_run_id FROM lamindb_run ORDER BY id");
    assert.equal(runs.length, 2);
    assert.equal(runs[1]!["initiated_by_run_id"], runs[0]!["id"]);
    assert.deepEqual(edgesOf(world, runs[0]!["id"]), {
      inputs: ["a.txt", "b.txt", "c.txt"],
      outputs: ["c2.txt", "made.txt", "piped.txt"],
      recreated: [],
    });
    assert.deepEqual(edgesOf(world, runs[1]!["id"]), { ...nothing, inputs: ["made.txt"] });
  });
});
