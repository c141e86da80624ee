import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { join } from "../../../store/path.ts";
import { type RunStatus, runStatus } from "../../run/run_status.ts";
import { asText } from "../foreign.ts";
import type { ImportedTask, ImportedWorkflow } from "../imported.ts";
import { lineageId, readLineageRecords } from "./lineage_records.ts";
import { LineageTasks } from "./lineage_tasks.ts";
import { readTrace, type TraceRow, traceTime } from "./trace.ts";
import { findWorkFolder, type WorkFolder } from "./work_folder.ts";

/**
 * Reads what Nextflow leaves in the folder where it ran: its lineage in `.lineage`, a trace, and
 * the folders of the tasks in `work`. Where there is lineage, it tells inputs and outputs; else the
 * links in a task's folder and the files beside them do.
 *
 * Throws code "not_found" when there is neither lineage nor trace.
 */
export function readNextflow(
  host: Host,
  folder: string,
  tracePath: string | undefined,
): ImportedWorkflow {
  const records = readLineageRecords(host, join(folder, ".lineage"));
  const trace = readTrace(host, tracePath ?? join(folder, "trace.txt"));
  if (
    records === undefined && trace === undefined || tracePath !== undefined && trace === undefined
  ) {
    throw new LaminError("not_found", `Nextflow left neither lineage nor a trace in ${folder}`, {
      hint: "run it with 'lineage.enabled = true' or '-with-trace', or name the trace with --trace",
      data: { path: folder },
    });
  }
  const lineage = new LineageTasks(records ?? new Map());
  const passedOver: string[] = [];
  const tasks = new Map<string, ImportedTask>();
  const read = (hash: string, row: TraceRow | undefined) => {
    const task = taskOf(lineage, hash, row, findWorkFolder(host, folder, hash));
    if (typeof task === "string") passedOver.push(task);
    else tasks.set(task.id, task);
  };
  for (const row of trace ?? []) {
    if (row.hash !== undefined) read(lineage.wholeHash(row.hash) ?? row.hash, row);
  }
  for (const hash of lineage.hashes) if (!tasks.has(hash)) read(hash, undefined);
  const all = [...tasks.values()];
  return {
    manager: "nextflow",
    folder,
    tasks: [...lineage.workflowRuns(all), ...all],
    passedOver,
  };
}

const statuses: Readonly<Record<string, RunStatus>> = {
  COMPLETED: runStatus.completed,
  CACHED: runStatus.completed,
  FAILED: runStatus.errored,
  ABORTED: runStatus.aborted,
};

/** The task, or why it cannot be one. */
function taskOf(
  lineage: LineageTasks,
  hash: string,
  row: TraceRow | undefined,
  work: WorkFolder | undefined,
): ImportedTask | string {
  const record = lineage.taskRun(hash);
  const name = asText(record?.name) ?? row?.name ?? hash;
  const finishedAt = lineage.finishedAt(hash) ?? work?.finishedAt ?? traceTime(row?.complete);
  const known = row?.status === undefined ? undefined : statuses[row.status];
  if (finishedAt === undefined || row?.status !== undefined && known === undefined) {
    return `nothing tells that the task ${name} (${hash}) ended`;
  }
  const startedAt = work?.startedAt ?? traceTime(row?.start) ?? lineage.workflowStart(record);
  const script = asText(record?.script) ?? work?.script ?? row?.script;
  const parent = lineageId(record?.workflowRun);
  const process = row?.process ?? name.replace(/ \(.*\)$/s, "");
  return {
    id: work?.hash ?? hash,
    ...(parent && { parent }),
    name,
    code: {
      name: process.replaceAll(":", "/"),
      suffix: ".nf",
      kind: "pipeline",
      ...(script && { source: script }),
    },
    inputs: record === undefined
      ? (work?.inputs ?? []).map((path) => ({ path }))
      : lineage.inputs(record),
    outputs: record === undefined
      ? (work?.outputs ?? []).map((path) => ({ path }))
      : lineage.outputs(hash),
    parameters: parametersOf(lineage.values(record), row),
    ...(script && { command: script.trim() }),
    startedAt: startedAt !== undefined && startedAt < finishedAt ? startedAt : finishedAt,
    finishedAt,
    status: known ?? (work?.exitCode ? runStatus.errored : runStatus.completed),
    ...(work?.log && { logs: [work.log] }),
  };
}

function parametersOf(
  values: Readonly<Record<string, unknown>>,
  row: TraceRow | undefined,
): Record<string, unknown> {
  const { container, cpus, memory, exit } = row ?? {};
  return {
    ...values,
    ...(container && { container }),
    ...(cpus && { cpus }),
    ...(memory && { memory }),
    ...(exit && { exit }),
  };
}
