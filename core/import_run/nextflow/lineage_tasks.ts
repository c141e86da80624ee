import { runStatus } from "../../run/run_status.ts";
import { asIsoTime, asList, asObject, asText, type ForeignObject } from "../foreign.ts";
import type { ImportedTask, TaskFile } from "../imported.ts";
import { lineageId, type LineageRecord, localPath } from "./lineage_records.ts";

/** What the records of Nextflow's lineage say of tasks, by their hashes. */
export class LineageTasks {
  /** Of what was published: the record of the copy, by the lineage id of the original. */
  readonly #published = new Map<string, ForeignObject>();
  readonly #outputs = new Map<string, [id: string, spec: ForeignObject][]>();

  constructor(private readonly records: ReadonlyMap<string, LineageRecord>) {
    for (const [id, { kind, spec }] of records) {
      if (kind !== "FileOutput") continue;
      const source = lineageId(spec.source);
      const task = lineageId(spec.taskRun);
      if (task !== undefined) {
        this.#outputs.set(task, [...this.#outputs.get(task) ?? [], [id, spec]]);
      } else if (source !== undefined) this.#published.set(source, spec);
    }
  }

  /** The hashes of all tasks. */
  get hashes(): string[] {
    return [...this.records].filter(([, { kind }]) => kind === "TaskRun").map(([id]) => id).sort();
  }

  /** The hash of the task that begins so, if it is one. */
  wholeHash(start: string): string | undefined {
    const digits = start.replace("/", "");
    const found = this.hashes.filter((hash) => hash.startsWith(digits));
    return found.length === 1 ? found[0] : undefined;
  }

  taskRun(hash: string): ForeignObject | undefined {
    const record = this.records.get(hash);
    return record?.kind === "TaskRun" ? record.spec : undefined;
  }

  finishedAt(hash: string): Date | undefined {
    return asIsoTime(this.records.get(`${hash}#output`)?.spec.createdAt);
  }

  workflowStart(task: ForeignObject | undefined): Date | undefined {
    return startOf(this.records.get(lineageId(task?.workflowRun) ?? "")?.spec);
  }

  /** The files that a task was given. */
  inputs(task: ForeignObject): TaskFile[] {
    return asList(task.input).flatMap((one) => {
      const parameter = asObject(one);
      return parameter?.type === "path" ? this.#filesIn(parameter.value, 0) : [];
    });
  }

  /** The files that a task gave. */
  outputs(hash: string): TaskFile[] {
    return (this.#outputs.get(hash) ?? []).flatMap(([id, spec]) => this.#fileOf(id, spec));
  }

  /** What a task was given that is no file. */
  values(task: ForeignObject | undefined): Record<string, unknown> {
    return valuesOf(asList(task?.input).filter((one) => asObject(one)?.type !== "path"));
  }

  /** The runs of whole workflows that started the tasks; each ended with its last task. */
  workflowRuns(tasks: readonly ImportedTask[]): ImportedTask[] {
    const byParent = Map.groupBy(tasks, ({ parent }) => parent);
    return [...this.records].flatMap(([id, { kind, spec }]) => {
      const own = byParent.get(id);
      if (kind !== "WorkflowRun" || own === undefined) return [];
      const finishedAt = new Date(Math.max(...own.map((task) => task.finishedAt.getTime())));
      const startedAt = startOf(spec);
      const failed = own.some(({ status }) => status !== runStatus.completed);
      const command = asText(asObject(spec.metadata)?.commandLine);
      return [{
        id,
        name: asText(spec.name) ?? id,
        code: { name: "main", suffix: ".nf", kind: "pipeline" },
        inputs: [],
        outputs: [],
        parameters: valuesOf(asList(spec.params)),
        ...(command && { command }),
        startedAt: startedAt !== undefined && startedAt < finishedAt ? startedAt : finishedAt,
        finishedAt,
        status: failed ? runStatus.errored : runStatus.completed,
      }];
    });
  }

  /** A value may be a lineage id, a path with its checksum, or a list of such. */
  #filesIn(value: unknown, depth: number): TaskFile[] {
    if (depth > 10) return [];
    if (Array.isArray(value)) return value.flatMap((one) => this.#filesIn(one, depth + 1));
    const id = lineageId(value);
    if (id !== undefined) return this.#fileOf(id, this.records.get(id)?.spec ?? {});
    const path = localPath(asObject(value)?.path ?? value);
    return path === undefined ? [] : [{ path }];
  }

  #fileOf(id: string, spec: ForeignObject): TaskFile[] {
    const [, start, rest, below] = /^([0-9a-f]{2})([0-9a-f]{30})\/(.+)$/.exec(id) ?? [];
    const path = localPath(spec.path) ?? (below && `work/${start}/${rest}/${below}`);
    const copy = this.#published.get(id);
    const published = { path: localPath(copy?.path), at: asIsoTime(copy?.modifiedAt) };
    if (!path) return [];
    const { path: place, at } = published;
    return [{ path, ...(place && at && { published: { path: place, at } }) }];
  }
}

function startOf(workflow: ForeignObject | undefined): Date | undefined {
  return asIsoTime(asObject(workflow?.metadata)?.start);
}

function valuesOf(parameters: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(parameters.flatMap((one) => {
    const { name, value } = asObject(one) ?? {};
    const known = asText(name);
    return known === undefined || value === undefined || value === null ? [] : [[known, value]];
  }));
}
