import assert from "node:assert/strict";
import { withInstance, type Workspace } from "../lamin.ts";
import {
  align,
  checksum,
  leaveTask,
  recordOf,
  report,
  traceOf,
  workflow,
  workFolder,
} from "./nextflow_world.ts";
import { writeAt } from "./snakemake_world.ts";

// Nextflow needs Java and cannot be run here: the files are made after its documentation and the
// classes of its model (`lineage/v1beta1`).

// deno-lint-ignore no-explicit-any
type Json = any;

async function edgesOf(workspace: Workspace, key: string): Promise<string[]> {
  const [{ nodes, edges }] = await workspace.json("lineage", key, "--up");
  const names = new Map(nodes.map((node: Json) => [node.id, node.name ?? node.key]));
  return edges.map(({ from, to, role }: Json) => `${names.get(from)} → ${names.get(to)} ${role}`)
    .sort();
}

/**
 * Two tasks, of which the second reads what the first wrote, with the folders in which they ran.
 */
function leaveTasks(workspace: Workspace): void {
  writeAt(workspace, "flow/raw/a.fq", "@r\n", align.end - 1000);
  const raw = workspace.path("flow/raw/a.fq");
  leaveTask(workspace, "flow", align, {
    script: "align a.fq > a.bam",
    links: { "a.fq": raw },
    outputs: { "a.bam": "bam" },
  });
  leaveTask(workspace, "flow", report, {
    script: "report a.bam > report.html",
    links: { "a.bam": workspace.path(`flow/${workFolder(align)}/a.bam`) },
    outputs: { "report.html": "<p>" },
  });
}

Deno.test("import-run: a trace of Nextflow and the folders of its tasks", async () => {
  await withInstance(async (workspace) => {
    const { json, lamin, write } = workspace;
    leaveTasks(workspace);
    write(
      "flow/trace.txt",
      traceOf([
        { task: align, name: "RNASEQ:ALIGN (a)", status: "COMPLETED" },
        { task: report, name: "REPORT", status: "FAILED" },
      ]),
    );
    assert.match(await lamin("import-run", "nextflow", "flow"), /imported 2 runs with 3 files/);
    const html = `flow/${workFolder(report)}/report.html`;
    const bam = `flow/${workFolder(align)}/a.bam`;
    assert.deepEqual(
      await edgesOf(workspace, html),
      [
        `REPORT → ${html} output`,
        `RNASEQ:ALIGN (a) → ${bam} output`,
        `${bam} → REPORT input`,
        "flow/raw/a.fq → RNASEQ:ALIGN (a) input",
      ].sort(),
    );
    const runs = await json("list", "run", "--order", "started_at");
    assert.deepEqual(runs.map((run: Json) => [run.reference, run._status_code, run.finished_at]), [
      [align.hash, 0, "2026-05-28 20:26:40.000000"],
      [report.hash, 1, "2026-05-28 20:28:20.000000"],
    ]);
    const transforms = (await json("list", "transform")).map(({ key, source_code }: Json) => [
      key,
      source_code,
    ]);
    assert.deepEqual(transforms.sort(), [
      ["flow/REPORT.nf", "#!/bin/bash -ue\nreport a.bam > report.html\n"],
      ["flow/RNASEQ/ALIGN.nf", "#!/bin/bash -ue\nalign a.fq > a.bam\n"],
    ]);
    assert.match(await lamin("import-run", "nextflow", "flow"), /^nothing new, 2 known already/);
  });
});

Deno.test("import-run: lineage of Nextflow, with what was published", async () => {
  await withInstance(async (workspace) => {
    const { json, lamin, write, path } = workspace;
    leaveTasks(workspace);
    writeAt(workspace, "flow/results/report.html", "<p>", report.end + 20);
    const record = (id: string, kind: string, spec: Readonly<Record<string, unknown>>) =>
      write(`flow/.lineage/${id}/.data.json`, recordOf(kind, spec));
    record(workflow, "WorkflowRun", {
      workflow: { scriptFiles: [], repository: "https://github.com/x/y", commitId: "86165b8c" },
      sessionId: "065bdc6b-89b4-42ee-92c1-2a5af37f2c50",
      name: "peaceful_blackwell",
      params: [{ type: "String", name: "outdir", value: "results" }],
      config: {},
      metadata: { start: "2026-05-28T20:20:00.049135334Z", commandLine: "nextflow run x/y" },
    });
    const runOf = (name: string, script: string, input: readonly Json[]) => ({
      sessionId: "065bdc6b-89b4-42ee-92c1-2a5af37f2c50",
      name,
      codeChecksum: checksum,
      script,
      input,
      workflowRun: `lid://${workflow}`,
    });
    record(
      align.hash,
      "TaskRun",
      runOf("ALIGN (a)", "align a.fq", [
        { type: "path", name: "reads", value: [{ path: path("flow/raw/a.fq"), checksum }] },
        { type: "val", name: "sample", value: "a" },
      ]),
    );
    record(
      report.hash,
      "TaskRun",
      runOf("REPORT", "report a.bam", [
        { type: "path", name: "*", value: [`lid://${align.hash}/a.bam`] },
      ]),
    );
    const outputOf = (task: typeof align, name: string) => ({
      path: path(`flow/${workFolder(task)}/${name}`),
      checksum,
      source: `lid://${task.hash}`,
      workflowRun: `lid://${workflow}`,
      taskRun: `lid://${task.hash}`,
      size: 3,
      createdAt: new Date(task.end * 1000).toISOString(),
      modifiedAt: new Date(task.end * 1000).toISOString(),
      labels: null,
    });
    record(`${align.hash}/a.bam`, "FileOutput", outputOf(align, "a.bam"));
    record(`${report.hash}/report.html`, "FileOutput", outputOf(report, "report.html"));
    record(`${workflow}/report.html`, "FileOutput", {
      ...outputOf(report, "report.html"),
      path: path("flow/results/report.html"),
      source: `lid://${report.hash}/report.html`,
      taskRun: null,
      modifiedAt: new Date((report.end + 20) * 1000).toISOString(),
    });
    for (const task of [align, report]) {
      record(`${task.hash}#output`, "TaskOutput", {
        taskRun: `lid://${task.hash}`,
        workflowRun: `lid://${workflow}`,
        createdAt: `${new Date(task.end * 1000).toISOString().slice(0, 19)}.576590545Z`,
        output: [],
      });
    }
    assert.match(await lamin("import-run", "nextflow", "flow"), /imported 3 runs with 3 files/);
    const bam = `flow/${workFolder(align)}/a.bam`;
    assert.deepEqual(await edgesOf(workspace, "flow/results/report.html"), [
      "ALIGN (a) → " + bam + " output",
      "REPORT → flow/results/report.html output",
      "flow/raw/a.fq → ALIGN (a) input",
      `${bam} → REPORT input`,
    ]);
    const runs = await json("list", "run");
    const whole = runs.find(({ reference }: Json) => reference === workflow);
    assert.deepEqual([whole.name, whole.started_at, whole.params, whole.cli_args], [
      "peaceful_blackwell",
      "2026-05-28 20:20:00.049000",
      { outdir: "results" },
      "nextflow run x/y",
    ]);
    const task = runs.find(({ reference }: Json) => reference === align.hash);
    assert.deepEqual([task.initiated_by_run_id, task.params], [whole.id, { sample: "a" }]);
    assert.match(await lamin("import-run", "nextflow", "flow"), /^nothing new, 3 known already/);
  });
});

Deno.test("import-run: what is no trace or lineage of Nextflow is passed over", async () => {
  await withInstance(async (workspace) => {
    const { run, write, json } = workspace;
    const circle = "0".repeat(32);
    write(
      `flow/.lineage/${circle}/.data.json`,
      recordOf("TaskRun", {
        name: ["no text"],
        input: [{ type: "path", value: [[[[[[[[[[[[[["/etc/hostname"]]]]]]]]]]]]]] }, 3, null],
        workflowRun: `lid://${circle}`,
      }),
    );
    write(
      `flow/.lineage/${circle}#output/.data.json`,
      recordOf("TaskOutput", {
        createdAt: "2026-05-28T20:26:40Z",
      }),
    );
    write("flow/.lineage/x/.data.json", "{");
    write("flow/.lineage/y/.data.json", '{"version": "lineage/v2", "kind": "TaskRun", "spec": {}}');
    write(
      "flow/trace.txt",
      "hash\tname\tstatus\n../../../etc\tx\tCOMPLETED\nab/cdef12\ty\tCOMPLETED\nzz\tz\tRUNNING\n",
    );
    const { code, stdout, stderr } = await run(["import-run", "nextflow", "flow"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /imported 1 run with 0 files/);
    assert.equal(stderr.match(/nothing tells that the task/g)?.length, 3);
    const [{ reference, initiated_by_run_id }] = await json("list", "run");
    assert.deepEqual([reference, initiated_by_run_id], [circle, null]);
  });
});
