import assert from "node:assert/strict";
import { withRunWorld } from "../cli/run_world.ts";
import { test } from "../skip.ts";
import { noPython, python, pythonEnvironment, pythonPath, scripts } from "./python.ts";

const countScript = `#!/bin/sh
awk 'NR % 4 == 2' "$1" | sort | uniq -c > counts.txt
echo counted "$1"
`;

test("interop: Python sees the runs of a pipeline, and draws its lineage", noPython, async () => {
  await withRunWorld(async (world) => {
    world.write("count.sh", countScript);
    Deno.chmodSync(world.path("count.sh"), 0o755);
    world.write("raw/sample.fastq", "@r1\nACGT\n+\nFFFF\n@r2\nACGT\n+\nFFFF\n@r3\nTTTT\n+\nFFFF\n");
    await world.lamin("add", "raw");
    const steps = [
      [
        "run",
        "-q",
        "--auto",
        "--name",
        "count",
        "--param",
        "k=5",
        "./count.sh",
        "raw/sample.fastq",
      ],
      ["run", "-q", "--auto", "sh", "-c", "sort -rn counts.txt > top.txt"],
      ["run", "-q", "--in", "top.txt", "--out", "*.csv", "sh", "-c", toCsv],
      // The same again: nothing new.
      ["run", "-q", "--auto", "sh", "-c", "sort -rn counts.txt > top.txt"],
      ["run", "-q", "sh", "-c", "echo broken; exit 3"],
    ];
    for (const words of steps) {
      const { code, stderr } = await world.say(words);
      assert.equal(code, words.at(-1) === "echo broken; exit 3" ? 3 : 0, stderr);
    }
    const { runs, graph } = await python(world, "runs.py", "table.csv");
    // deno-lint-ignore no-explicit-any
    const brief = (run: any) => [run.status, run.inputs, run.outputs, run.recreated];
    assert.deepEqual(runs.map(brief), [
      ["completed", ["raw/sample.fastq"], ["counts.txt"], []],
      ["completed", ["counts.txt"], ["top.txt"], []],
      ["completed", ["top.txt"], ["table.csv"], []],
      ["completed", ["counts.txt"], [], ["top.txt"]],
      ["errored", [], [], []],
    ]);
    const [first, second, , fourth, last] = runs;
    assert.deepEqual(first.transform, ["count.sh", "script", countScript]);
    assert.deepEqual(second.transform, fourth.transform);
    assert.deepEqual([first.name, first.params, first.cli_args], [
      "count",
      { k: 5 },
      "raw/sample.fastq",
    ]);
    assert.deepEqual([first.report, first.report_of], [
      "counted raw/sample.fastq\n",
      `log streams of run ${first.uid}`,
    ]);
    assert.equal(last.report, "broken\n");
    // deno-lint-ignore no-explicit-any
    assert.ok(runs.every((run: any) => run.finished && run.has_environment));
    for (const name of ["raw/sample.fastq", "counts.txt", "top.txt", "table.csv", "count.sh"]) {
      assert.ok(graph.includes(name), `${name} in ${graph}`);
    }
    assert.equal(graph.match(/->/g)?.length, 6, graph);
  });
});

const toCsv = `awk 'BEGIN { print "sequence,n" } { print $2 "," $1 }' top.txt > table.csv`;

test(
  "interop: a script that tracks itself is initiated by the run around it",
  noPython,
  async () => {
    await withRunWorld(async (world) => {
      world.write("counts.txt", "1\n2\n");
      await world.lamin("add", "counts.txt");
      Deno.copyFileSync(`${scripts}nested_track.py`, world.path("nested.py"));
      const { code, stdout, stderr } = await world.say(
        ["run", "-q", "--", pythonPath!, "nested.py", scripts],
        { ...pythonEnvironment(world), PATH: world.environment["PATH"]! },
      );
      assert.equal(code, 0, stderr);
      assert.match(stdout, /tracked\n$/);
      const { runs } = await python(world, "runs.py", "by_python.csv");
      assert.equal(runs.length, 2);
      const [around, nested] = runs;
      assert.equal(nested.initiated_by, around.uid);
      assert.deepEqual([nested.inputs, nested.outputs], [["counts.txt"], ["by_python.csv"]]);
      assert.equal(nested.status, "completed");
      // Both are runs of one script.
      assert.deepEqual(nested.transform, around.transform);
      assert.match(around.report, /tracked\n$/);
    });
  },
);
