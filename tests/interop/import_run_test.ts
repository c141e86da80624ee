import assert from "node:assert/strict";
import { withInstance, type Workspace } from "../lamin.ts";
import { test } from "../skip.ts";
import { noTools, useTool } from "./tools.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

const snakefile = `
rule all:
    input: "results/summary.csv", "results/split"

rule count:
    input: "raw/{sample}.fastq"
    output: "counts/{sample}.txt"
    params: base="G"
    log: "logs/{sample}.log"
    shell: "grep -c '{params.base}' {input} > {output} 2> {log}; echo counted >> {log}"

rule summary:
    input: expand("counts/{sample}.txt", sample=["a", "b"])
    output: "results/summary.csv"
    run:
        with open(output[0], "w") as out:
            for name in input:
                out.write(name + "," + open(name).read())

rule split:
    input: "results/summary.csv"
    output: directory("results/split"), temp("results/scratch.txt")
    shell: "mkdir {output[0]}; split -l 1 {input} {output[0]}/part_; touch {output[1]}"
`;

const redunWorkflow = `
from typing import List
from redun import File, script, task

redun_namespace = "demo"

@task()
def count(reads: File, base: str) -> File:
    out = File(f"counts/{reads.basename()}.txt")
    with out.open("w") as file:
        file.write(str(reads.read().count(base)) + "\\n")
    return out

@task()
def merge(files: List[File], token: str = "kV8xQ2mZ7pR4tW1y") -> File:
    out = File("results/summary.csv")
    with out.open("w") as file:
        for one in files:
            file.write(one.path + "," + one.read())
    return out

@task()
def lines(summary: File):
    command = "wc -l < input.csv > out.txt; echo counted lines"
    return script(
        command,
        inputs=[summary.stage("input.csv")],
        outputs=File("results/lines.txt").stage("out.txt"),
    )

@task()
def broken(summary: File) -> File:
    raise ValueError("on purpose")

@task()
def main(fails: bool = False):
    merged = merge([count(File(f"raw/{name}.fastq"), "G") for name in ["a", "b"]])
    return [merged, lines(merged), broken(merged) if fails else None]
`;

function leaveReads({ write }: Workspace): void {
  write("flow/raw/a.fastq", "@r1\nACGT\n+\nIIII\n@r2\nGGGG\n+\nIIII\n");
  write("flow/raw/b.fastq", "@r1\nTTTT\n+\nIIII\n@r2\nGGAA\n+\nIIII\n@r3\nG\n+\nI\n");
}

/** The steps that lead to an artifact, by keys of transforms and artifacts. */
async function stepsTo(workspace: Workspace, key: string): Promise<string[]> {
  const [{ nodes, edges }] = await workspace.json("lineage", key, "--up");
  const names = new Map(nodes.map((node: Json) => [node.id, node.transform?.key ?? node.key]));
  return edges.map(({ from, to }: Json) => `${names.get(from)} → ${names.get(to)}`).sort();
}

for (const backend of ["file", "db"]) {
  test(`import-run: a real run of Snakemake, with its ${backend} backend`, noTools, async () => {
    await withInstance(async (workspace) => {
      const { write, path, json, lamin } = workspace;
      leaveReads(workspace);
      write("flow/Snakefile", snakefile);
      const words = ["-c1", "--persistence-backend", backend];
      await useTool(path("flow"), "snakemake", words);
      const [told] = await json("import-run", "snakemake", "flow");
      assert.deepEqual([told.imported, told.files], [4, 6]);
      assert.deepEqual(told.unlinked, [{ path: "results/scratch.txt", why: "it is gone" }]);
      assert.deepEqual(await stepsTo(workspace, "flow/results/split"), [
        "flow/count.smk → flow/counts/a.txt",
        "flow/count.smk → flow/counts/b.txt",
        "flow/counts/a.txt → flow/summary.smk",
        "flow/counts/b.txt → flow/summary.smk",
        "flow/raw/a.fastq → flow/count.smk",
        "flow/raw/b.fastq → flow/count.smk",
        "flow/results/summary.csv → flow/split.smk",
        "flow/split.smk → flow/results/split",
        "flow/summary.smk → flow/results/summary.csv",
      ]);
      assert.match(await lamin("import-run", "snakemake", "flow"), /^nothing new, 4 known already/);
      if (backend === "db") return;
      assert.match(await lamin("rerun", "flow/counts/a.txt", "--yes"), /same bytes/);
      write("flow/raw/a.fastq", "@r1\nGGGG\n+\nIIII\n");
      await useTool(path("flow"), "snakemake", words);
      const [again] = await json("import-run", "snakemake", "flow");
      assert.deepEqual([again.imported, again.known], [3, 1]);
      const transforms = await json("list", "transform");
      assert.equal(transforms.length, 3, "no rule changed");
    });
  });
}

test("import-run: real runs of redun, one of which fails", noTools, async () => {
  await withInstance(async (workspace) => {
    const { write, path, json, lamin } = workspace;
    leaveReads(workspace);
    write("flow/workflow.py", redunWorkflow);
    await useTool(path("flow"), "redun", ["run", "workflow.py", "main"]);
    const [told] = await json("import-run", "redun", "flow");
    assert.deepEqual([told.imported, told.files, told.unlinked], [6, 6, []]);
    assert.deepEqual(await stepsTo(workspace, "flow/results/lines.txt"), [
      "flow/counts/a.fastq.txt → flow/demo/merge.py",
      "flow/counts/b.fastq.txt → flow/demo/merge.py",
      "flow/demo/count.py → flow/counts/a.fastq.txt",
      "flow/demo/count.py → flow/counts/b.fastq.txt",
      "flow/demo/merge.py → flow/results/summary.csv",
      "flow/raw/a.fastq → flow/demo/count.py",
      "flow/raw/b.fastq → flow/demo/count.py",
      "flow/redun/script.py → flow/results/lines.txt",
      "flow/results/summary.csv → flow/redun/script.py",
    ]);
    const runs = await json("list", "run");
    const named = (name: string) => runs.find((run: Json) => run.name === name);
    assert.equal(named("demo.count").initiated_by_run_id, named("demo.main").id);
    assert.equal(named("demo.count").params["1"], "G");
    assert.equal(named("demo.merge").params.token, "***REDACTED***");
    assert.match(named("redun.script").cli_args, /wc -l < input\.csv/);
    const counts = await json("list", "transform", "key=flow/demo/count.py");
    assert.match(counts[0].source_code, /^def count\(reads: File, base: str\) -> File:/);
    assert.match(await lamin("import-run", "redun", "flow"), /^nothing new, 6 known already/);
    await useTool(path("flow"), "redun", ["run", "workflow.py", "main", "--fails", "True"], {
      fails: true,
    });
    await lamin("import-run", "redun", "flow");
    const [broken] = await json("list", "run", "name=demo.broken");
    assert.equal(broken._status_code, 1);
  });
});
