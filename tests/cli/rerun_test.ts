import assert from "node:assert/strict";
import { workFolder } from "../../core/rerun/scratch.ts";
import { recordRun } from "../core/rerun/record.ts";
import { withInstance } from "../lamin.ts";

const sorting = { command: ["sh", "sort.sh", "raw/in.txt"], script: "sort $1 > out/sorted.txt\n" };

Deno.test("rerun: the command runs elsewhere with what was recorded, and outputs are compared", async () => {
  await withInstance(async (workspace) => {
    const { write, lamin, json, run, read, path } = workspace;
    write("raw/in.txt", "b\na\n");
    write("out/sorted.txt", "a\nb\n");
    write("out/wrong.txt", "x\n");
    await lamin("add", "raw", "out");
    const inputs = ["raw/in.txt"];
    const uid = await recordRun(workspace, {
      ...sorting,
      key: "sort.sh",
      inputs,
      outputs: ["out/sorted.txt"],
    });
    // What lies in the work tree by now does not matter, and stays.
    write("raw/in.txt", "changed\n");
    write("out/sorted.txt", "changed\n");
    const before = (await json("op", "log")).length;
    const [plan] = await json("rerun", uid, "--dry-run");
    assert.deepEqual([plan.run, plan.command, plan.inputs[0].path], [
      uid,
      sorting.command,
      "raw/in.txt",
    ]);
    const [again] = await json("rerun", "out/sorted.txt", "--yes");
    assert.deepEqual([again.code, again.scratch, again.outputs[0].verdict], [
      0,
      null,
      "same bytes",
    ]);
    assert.equal(read("out/sorted.txt"), "changed\n");
    assert.equal((await json("op", "log")).length, before);
    assert.throws(() => Deno.statSync(path("sort.sh")), Deno.errors.NotFound);

    await recordRun(workspace, { ...sorting, key: "sort.sh", inputs, outputs: ["out/wrong.txt"] });
    const missing = await run(["rerun", "out/wrong.txt", "--yes"]);
    assert.deepEqual([missing.code, missing.stdout.includes("not produced")], [3, true]);
    Deno.removeSync(/what it left is in (.*)/.exec(missing.stdout)![1]!, { recursive: true });
  });
});

Deno.test("rerun: what differs is shown and kept to be looked at; content counts, not only bytes", async () => {
  await withInstance(async (workspace) => {
    const { write, lamin, json, run } = workspace;
    write("a.csv", "x,y\n1,2\n");
    write("b.csv", "x,y\n1,3\n");
    await lamin("add", "a.csv", "b.csv");
    const command = [
      "sh",
      "-c",
      String.raw`printf 'x,y\r\n1,2\r\n' | tee a.csv > b.csv; echo hello`,
    ];
    const uid = await recordRun(workspace, { command, outputs: ["a.csv", "b.csv"] });
    const said = await run(["rerun", uid, "--yes"]);
    assert.equal(said.code, 3);
    assert.match(said.stdout, /same content {2}a\.csv@0000/);
    assert.match(said.stdout, /differs {7}b\.csv@0000 {2}1 row.*\n.*lamin diff \w{20} \/.*b\.csv/);
    assert.match(said.stderr, /hello/);
    const scratch = /what it left is in (.*)/.exec(said.stdout)![1]!;
    assert.ok(Deno.statSync(`${scratch}/${workFolder}/b.csv`).isFile);
    const [, file] = /lamin diff \w{20} (\S+)/.exec(said.stdout)!;
    assert.match(await lamin("diff", "b.csv@0", file!), /3.*2/);
    Deno.removeSync(scratch, { recursive: true });
    const [again] = (await run(["rerun", uid, "--yes", "--json"])).stdout.split("\n");
    const { outputs, scratch: kept } = JSON.parse(again!);
    // deno-lint-ignore no-explicit-any
    assert.deepEqual(outputs.map(({ verdict }: any) => verdict), ["same content", "differs"]);
    Deno.removeSync(kept, { recursive: true });
    assert.deepEqual((await json("status")).length, 0);
  });
});

Deno.test("rerun: nothing runs without a yes, and the command is shown before", async () => {
  await withInstance(async (workspace) => {
    const { write, lamin, run, path } = workspace;
    write("a.txt", "a\n");
    await lamin("add", "a.txt");
    const touched = path("touched");
    const command = ["sh", "-c", `echo a > a.txt; touch '${touched}x'\u001b[31m`];
    const uid = await recordRun(workspace, { command, outputs: ["a.txt"] });
    for (const input of ["n\n", "", "what\n"]) {
      const said = await run(["rerun", uid], { input });
      assert.equal(said.code, 1);
      assert.match(said.stderr, /command +sh -c 'echo a > a\.txt; touch/);
      assert.ok(!said.stderr.includes("\u001b"), "what a stranger recorded is escaped");
      assert.match(said.stderr, /Run it\? \[y\/N\] .*nothing was run/s);
    }
    // Paths of the work tree in the words mean the folder of the run done again.
    const said = await run(["rerun", uid, "-q"], { input: "y\n" });
    assert.deepEqual([said.code, said.stdout.includes("same bytes")], [0, true]);
    assert.throws(() => Deno.statSync(`${touched}x`), Deno.errors.NotFound);
  });
});

Deno.test("rerun: current versions of inputs take part where that is asked for", async () => {
  await withInstance(async (workspace) => {
    const { write, lamin, json, run } = workspace;
    write("in.txt", "1\n");
    write("out.txt", "1\n");
    await lamin("add", ".");
    const command = ["cp", "in.txt", "out.txt"];
    const uid = await recordRun(workspace, { command, inputs: ["in.txt"], outputs: ["out.txt"] });
    write("in.txt", "2\n");
    await lamin("add", "in.txt");
    assert.equal((await json("rerun", uid, "-y"))[0].outputs[0].verdict, "same bytes");
    const latest = await run(["rerun", uid, "-y", "--latest", "--json"]);
    assert.equal(latest.code, 3);
    const { outputs, scratch } = JSON.parse(latest.stdout);
    assert.deepEqual([outputs[0].verdict, Deno.readTextFileSync(outputs[0].file)], [
      "differs",
      "2\n",
    ]);
    Deno.removeSync(scratch, { recursive: true });
  });
});

Deno.test("rerun: paths that lie elsewhere, inputs by other names, code that is told by its place", async () => {
  await withInstance(async (workspace) => {
    const { write, lamin, json } = workspace;
    write("sub/in.txt", "b\na\n");
    write("sub/out.txt", "a\nb\n");
    await lamin("add", ".");
    const uid = await recordRun(workspace, {
      command: ["/data/tools/my sort.sh", "--in=/data/raw/in.txt", "../sub/out.txt"],
      key: "my sort.sh",
      script: '#!/bin/sh\nsort "${1#--in=}" > "$2"\n',
      folder: "sub",
      inputs: ["/data/raw/in.txt as sub/in.txt"],
      outputs: ["sub/out.txt"],
    });
    const [again] = await json("rerun", uid, "--yes");
    assert.deepEqual([again.code, again.outputs[0].verdict], [0, "same bytes"]);
  });
});

Deno.test("rerun: runs of Python are done by the interpreter of the script, inputs at their keys", async () => {
  await withInstance(async (workspace) => {
    const { write, lamin, json } = workspace;
    write("raw/in.txt", "b\na\n");
    write("out dir/sorted.txt", "a\nb\n");
    await lamin("add", ".");
    const uid = await recordRun(workspace, {
      command: ["sub/sort.sh"],
      script: 'sort raw/in.txt > "$2/sorted.txt"\n',
      inputs: ["raw/in.txt"],
      outputs: ["out dir/sorted.txt"],
      asPython: { cliArgs: "--to 'out dir'" },
    });
    const [again] = await json("rerun", uid, "--yes");
    assert.deepEqual(again.command, ["bash", "sub/sort.sh", "--to", "out dir"]);
    assert.deepEqual(again.outputs[0].verdict, "same bytes");
  });
});

Deno.test("rerun: what cannot be done again is refused with the reason", async () => {
  await withInstance(async (workspace) => {
    const { write, lamin, run, path } = workspace;
    write("a.txt", "a\n");
    write("b.txt", "b\n");
    await lamin("add", ".");
    const refused = async (...words: string[]) => {
      const { code, stderr } = await run(["rerun", ...words, "--yes"]);
      assert.notEqual(code, 0);
      return stderr;
    };
    assert.match(await refused("a.txt"), /no run is known that made a\.txt/);
    assert.match(await refused("nothing"), /nothing/);
    const command = ["tool", "--token", "***REDACTED***"];
    const secret = await recordRun(workspace, { command, redacted: true });
    assert.match(await refused(secret), /a secret was taken out of the command/);
    const python = await recordRun(workspace, { command: ["cwl"], asPython: {} });
    assert.match(await refused(python), /it is not known how cwl was run/);
    const gone = await recordRun(workspace, { command: ["no-such-program-here"] });
    assert.match(await refused(gone), /no-such-program-here cannot be started/);
    const outside = { command: ["true"], inputs: ["../../evil.txt as a.txt"] };
    assert.match(await refused(await recordRun(workspace, outside)), /evil\.txt/);
    const folder = await recordRun(workspace, { command: ["true"], folder: "../.." });
    assert.match(await refused(folder), /did not run in the work tree/);
    const failing = await run(["rerun", await recordRun(workspace, { command: ["false"] }), "-y"]);
    assert.deepEqual([failing.code, /exit code 1/.test(failing.stderr)], [1, true]);
    assert.throws(() => Deno.statSync(path("../evil.txt")), Deno.errors.NotFound);
  });
});

Deno.test("rerun: all that is stale, each with what came out before, and nothing is recorded", async () => {
  await withInstance(async (workspace) => {
    const { write, lamin, json, run, read } = workspace;
    for (const name of ["in", "middle", "last", "other"]) write(`${name}.txt`, "1\n");
    await lamin("add", ".");
    const copy = (from: string, to: string) =>
      recordRun(workspace, {
        command: ["cp", `${from}.txt`, `${to}.txt`],
        inputs: [`${from}.txt`],
        outputs: [`${to}.txt`],
      });
    // What reads is recorded before what it reads: the order has to be found.
    const last = await copy("middle", "last");
    const middle = await copy("in", "middle");
    await copy("other", "other");
    assert.match((await run(["rerun", "--all-stale"])).stderr, /nothing is stale/);
    write("in.txt", "2\n");
    await lamin("add", "in.txt");
    const planned = await json("rerun", "--all-stale", "--dry-run");
    assert.deepEqual(planned.map((one) => one.run), [middle, last]);
    const said = await run(["rerun", "--all-stale", "--yes", "--json"]);
    assert.equal(said.code, 3);
    const results = said.stdout.trim().split("\n").map((line) => JSON.parse(line));
    for (const { outputs, scratch } of results) {
      assert.equal(Deno.readTextFileSync(outputs[0].file), "2\n");
      Deno.removeSync(scratch, { recursive: true });
    }
    assert.deepEqual([results.length, read("last.txt")], [2, "1\n"]);
    assert.equal((await run(["rerun"])).code, 2);
    assert.equal((await run(["rerun", last, "--all-stale"])).code, 2);
  });
});

Deno.test("rerun: with --record it is a run that made again what is the same, and new versions", async () => {
  await withInstance(async (workspace) => {
    const { write, lamin, json, run, read } = workspace;
    for (const name of ["in", "middle", "last"]) write(`${name}.txt`, "1\n");
    write("same.txt", "s\n");
    await lamin("add", ".");
    const first = await recordRun(workspace, {
      command: ["sh", "-c", "cp in.txt middle.txt; echo s > same.txt"],
      inputs: ["in.txt"],
      outputs: ["middle.txt", "same.txt"],
    });
    await recordRun(workspace, {
      command: ["cp", "middle.txt", "last.txt"],
      inputs: ["middle.txt"],
      outputs: ["last.txt"],
    });
    write("in.txt", "2\n");
    await lamin("add", "in.txt");
    const said = await run(["rerun", "--all-stale", "--record", "--yes", "--json"]);
    assert.equal(said.code, 3);
    const results = said.stdout.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(results.map(({ scratch }) => scratch), [null, null]);
    assert.deepEqual([await lamin("cat", "last.txt"), read("last.txt")], ["2\n", "1\n"]);
    const [recorded] = await json("show", "run", results[0].recorded);
    assert.deepEqual([recorded.reference, recorded.reference_type, recorded._status_code], [
      first,
      "rerun",
      0,
    ]);
    // deno-lint-ignore no-explicit-any
    const keys = (rows: any[]) => rows.map(({ name, uid }) => `${name} ${uid.slice(16)}`).sort();
    assert.deepEqual(keys(recorded.relations.output_artifacts), ["middle.txt 0001"]);
    assert.deepEqual(keys(recorded.relations.recreated_artifacts), ["same.txt 0000"]);
    const [second] = await json("show", "run", results[1].recorded);
    assert.deepEqual(keys(second.relations.input_artifacts), ["middle.txt 0001"]);
    assert.equal((await run(["rerun", "--all-stale", "--yes"])).stderr, "nothing is stale\n");
    assert.deepEqual(await json("fsck"), []);
  });
});
