import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { join } from "../../../store/path.ts";
import { runStatus } from "../../run/run_status.ts";
import { asIsoTime, asText } from "../foreign.ts";
import { withForeignDatabase } from "../foreign_database.ts";
import type { ImportedTask, ImportedWorkflow, TaskFile } from "../imported.ts";
import { type CallGraph, type Job, readCallGraph, tables } from "./call_graph.ts";
import { plainPickle } from "./pickle.ts";

/**
 * Reads the call graph that redun keeps in `.redun/redun.db`: each job that was not answered from
 * the cache makes one task, and the files among its arguments and in its result are its inputs and
 * outputs. What a job only hands on from a job that it called is no output of its own.
 *
 * Throws code "not_found" when redun never worked there.
 */
export async function readRedun(host: Host, folder: string): Promise<ImportedWorkflow> {
  const path = join(folder, ".redun/redun.db");
  if (host.files.lstat(path)?.kind !== "file") {
    throw new LaminError("not_found", `redun left nothing in ${folder}`, {
      hint: "name the folder that has '.redun/redun.db' in it",
      data: { path: folder },
    });
  }
  const graph = await withForeignDatabase(host, path, tables, readCallGraph);
  const passedOver: string[] = [];
  const tasks: ImportedTask[] = [];
  for (const job of graph.jobs.values()) {
    if (job.cached || isPart(job)) continue;
    const times = { start: asIsoTime(job.start_time), end: asIsoTime(job.end_time) };
    if (times.start === undefined || times.end === undefined) {
      passedOver.push(`the job ${job.id} of ${job.fullname} did not end`);
    } else tasks.push(taskOf(graph, job, times.start, times.end));
  }
  return { manager: "redun", folder, tasks, passedOver };
}

/** What redun does to run a shell script is told by the job of `redun.script` alone. */
const scriptParts = ["redun.script_task", "redun.postprocess_script"];

function isPart({ fullname }: Job): boolean {
  return scriptParts.includes(fullname);
}

function taskOf(graph: CallGraph, job: Job, startedAt: Date, finishedAt: Date): ImportedTask {
  const isScript = job.fullname === "redun.script";
  const call = job.call_hash ?? "";
  const inputs = (graph.arguments.get(call) ?? [])
    .flatMap(({ value_hash }) => graph.filesIn(value_hash));
  const handedOn = isScript ? [] : graph.childrenOf(call).flatMap((child) => graph.resultOf(child));
  const outputs = graph.resultOf(call)
    .filter((path) => !inputs.includes(path) && !handedOn.includes(path));
  const failed = graph.hasFailed(call);
  const parent = parentOf(graph, job);
  const parameters = parametersOf(graph, call);
  const command = isScript ? asText(parameters["0"]) : undefined;
  const printed = isScript ? printedBy(graph, job) : undefined;
  return {
    id: job.id,
    ...(parent !== undefined && { parent }),
    name: job.fullname,
    code: {
      name: job.fullname.replaceAll(".", "/"),
      suffix: ".py",
      kind: "function",
      source: job.source,
    },
    inputs: filesAt(inputs),
    outputs: filesAt(outputs),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(command !== undefined && { command, words: ["bash", "-c", command] }),
    startedAt,
    finishedAt,
    status: failed ? runStatus.errored : runStatus.completed,
    ...(printed !== undefined && { logText: printed }),
  };
}

function filesAt(paths: readonly string[]): TaskFile[] {
  return [...new Set(paths)].map((path) => ({ path }));
}

/** The nearest job above that is a task of its own. */
function parentOf({ jobs }: CallGraph, job: Job): string | undefined {
  const seen = new Set<Job>();
  for (let one = jobs.get(job.parent_id ?? ""); one !== undefined && !seen.has(one);) {
    if (!one.cached && !isPart(one)) return one.id;
    seen.add(one);
    one = jobs.get(one.parent_id ?? "");
  }
  return undefined;
}

/** Arguments that are plain values, by their names, or by their position where they have none. */
function parametersOf(graph: CallGraph, call: string): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const { arg_key, arg_position, value_hash } of graph.arguments.get(call) ?? []) {
    const pickle = graph.values.get(value_hash);
    const value = pickle === undefined ? undefined : plainPickle(pickle);
    const name = asText(arg_key) ?? String(arg_position);
    if (value !== undefined && value !== null) parameters[name] = value;
  }
  return parameters;
}

/** What a shell script printed: the result of the job that ran it. */
function printedBy(graph: CallGraph, { id }: Job): string | undefined {
  const part = [...graph.jobs.values()]
    .find(({ parent_id, fullname }) => parent_id === id && fullname === "redun.script_task");
  const pickle = graph.values.get(graph.calls.get(part?.call_hash ?? "") ?? "");
  const value = pickle === undefined ? undefined : plainPickle(pickle);
  return asText(value);
}
