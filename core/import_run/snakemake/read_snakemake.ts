import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { dirname, join } from "../../../store/path.ts";
import { shellCommand } from "../../text/shell_word.ts";
import { runStatus } from "../../run/run_status.ts";
import { asList, asObject, asText, asTexts, asTime, type ForeignObject } from "../foreign.ts";
import { parseForeign, readForeign } from "../foreign.ts";
import type { ImportedTask, ImportedWorkflow, TaskFile } from "../imported.ts";
import { databaseRecords } from "./database_records.ts";
import { recordFiles } from "./record_files.ts";

/** Characters of a reference in LaminDB. */
const referenceMax = 255;

/** What Snakemake noted of an output (`MetadataRecord` in its persistence, format 6 and before). */
export interface SnakemakeRecord {
  readonly target: string;
  readonly record: ForeignObject;
}

/**
 * Reads what Snakemake leaves in the folder where it worked: a record for each output, in
 * `.snakemake/metadata` or, with its database backend, in `.snakemake/metadata.db`. Outputs of one
 * job make one task.
 *
 * Throws code "not_found" when Snakemake never worked there.
 */
export async function readSnakemake(host: Host, folder: string): Promise<ImportedWorkflow> {
  const passedOver: string[] = [];
  const jobs = new Map<string, SnakemakeRecord[]>();
  for await (const one of recordsIn(host, folder)) {
    const { target, record } = one;
    if (record.incomplete === true) {
      passedOver.push(`${target} is incomplete: Snakemake did not finish it`);
    } else if (asText(record.rule) === undefined || asTime(record.endtime) === undefined) {
      passedOver.push(`what Snakemake noted of ${target} is not complete`);
    } else {
      const { rule, job_hash, input, shellcmd, params, code } = record;
      const job = JSON.stringify([rule, job_hash, input, shellcmd, params, code]);
      jobs.set(job, [...jobs.get(job) ?? [], one]);
    }
  }
  const tasks = [...jobs.values()].map(taskOf);
  return { manager: "snakemake", folder, tasks, passedOver };
}

async function* recordsIn(host: Host, folder: string): AsyncGenerator<SnakemakeRecord> {
  const place = join(folder, ".snakemake");
  const files = join(place, "metadata");
  const database = join(place, "metadata.db");
  const hasFiles = host.files.lstat(files)?.kind === "directory";
  const hasDatabase = host.files.lstat(database)?.kind === "file";
  if (!hasFiles && !hasDatabase) {
    throw new LaminError("not_found", `Snakemake left nothing in ${folder}`, {
      hint: "name the folder that has '.snakemake/metadata' in it",
      data: { path: folder },
    });
  }
  if (hasFiles) {
    for (const { target, path } of recordFiles(host, files)) {
      yield { target, record: parseForeign(readForeign(host, path)) ?? {} };
    }
  }
  if (hasDatabase) yield* await databaseRecords(host, database);
}

function taskOf(records: readonly SnakemakeRecord[]): ImportedTask {
  const sorted = records.toSorted((a, b) => a.target < b.target ? -1 : 1);
  const [{ target, record }] = sorted as [SnakemakeRecord];
  const ends = sorted.map((one) => asTime(one.record.endtime)!.getTime());
  const starts = sorted.flatMap((one) => asTime(one.record.starttime)?.getTime() ?? []);
  const finishedAt = new Date(Math.max(...ends));
  const rule = asText(record.rule)!;
  const source = asText(record.code);
  const command = asText(record.shellcmd);
  return {
    id: `${target}@${finishedAt.toISOString()}`.slice(-referenceMax),
    name: `${rule}: ${target}`,
    code: { name: rule, suffix: ".smk", kind: "pipeline", ...(source && { source }) },
    inputs: inputsOf(record),
    outputs: sorted.map((one) => ({ path: one.target })),
    parameters: parametersOf(record),
    ...(command && { command, words: wordsOf(command, sorted) }),
    // Snakemake notes a file's time as the end, which may be before the start that it notes.
    startedAt: new Date(Math.min(...starts, finishedAt.getTime())),
    finishedAt,
    status: runStatus.completed,
    logs: asTexts(record.log),
  };
}

/** Snakemake makes the folders of outputs and logs, and has bash stop at the first failure. */
function wordsOf(command: string, records: readonly SnakemakeRecord[]): string[] {
  const files = records.flatMap(({ target, record }) => [target, ...asTexts(record.log)]);
  const folders = [...new Set(files.map(dirname))].filter((folder) => folder !== ".");
  const made = folders.length === 0 ? "" : `${shellCommand(["mkdir", "-p", ...folders])}\n`;
  return ["bash", "-euo", "pipefail", "-c", made + command];
}

function inputsOf(record: ForeignObject): TaskFile[] {
  const checksums = asObject(record.input_checksums) ?? {};
  return asTexts(record.input).map((path) => {
    const noted = Object.hasOwn(checksums, path) ? asText(checksums[path]) : undefined;
    const sha256 = /^sha256:([0-9a-f]{64})$/.exec(noted ?? "")?.[1];
    return { path, ...(sha256 && { sha256 }) };
  });
}

/** Snakemake keeps the values of parameters as Python writes them, without their names. */
function parametersOf(record: ForeignObject): Record<string, unknown> {
  const params = asList(record.params).map(String);
  const container = asText(record.container_img_url);
  return {
    ...(params.length > 0 && { params }),
    ...(container && { container }),
  };
}
