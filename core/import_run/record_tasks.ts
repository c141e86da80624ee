import { join } from "../../store/path.ts";
import type { Instance } from "../instance/instance.ts";
import type { Changes } from "../operation/changes.ts";
import { insertRun, linkInputs, linkOutputs } from "../run/record_run.ts";
import { redactSource, redactValue } from "../run/redact.ts";
import { ensureTransform } from "../transform/ensure_transform.ts";
import type { ArtifactsOf } from "./import_workflow.ts";
import type { ImportedTask, ImportedWorkflow } from "./imported.ts";
import { recordedBefore } from "./recorded_before.ts";

export interface RecordRequest {
  readonly branchId: number;
  /** What goes before the keys of transforms. */
  readonly prefix: string;
  readonly artifactOf: ArtifactsOf;
}

/** How long texts of LaminDB's columns may be, in characters. */
const nameMax = 150;

/**
 * Records the tasks that are no runs yet, what ended first first, so that each output is of the
 * task that made it; gives how many. Secrets are taken out.
 */
export async function recordTasks(
  instance: Instance,
  changes: Changes,
  { manager, tasks }: ImportedWorkflow,
  request: RecordRequest,
): Promise<number> {
  const recorder = new TaskRecorder(instance, changes, manager, request);
  const known = await recordedBefore(changes.reader, manager, tasks.map(({ id }) => id));
  const parents = await recordedBefore(
    changes.reader,
    manager,
    tasks.flatMap(({ parent }) => parent ?? []),
  );
  const fresh = tasks.filter(({ id }) => !known.has(id));
  const runs = new Map([...parents, ...known]);
  for (const task of parentsFirst(fresh)) {
    runs.set(task.id, await recorder.insert(task, runs.get(task.parent ?? "")));
  }
  const inOrder = fresh.toSorted((a, b) => a.finishedAt.getTime() - b.finishedAt.getTime());
  for (const task of inOrder) await recorder.link(task, runs.get(task.id)!);
  return fresh.length;
}

/** A run can only refer to one that is there; tasks in a circle refer to nothing. */
function parentsFirst(tasks: readonly ImportedTask[]): ImportedTask[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const ordered = new Set<ImportedTask>();
  for (const task of tasks) {
    const line: ImportedTask[] = [];
    for (
      let one: ImportedTask | undefined = task;
      one !== undefined && !ordered.has(one) && !line.includes(one);
      one = byId.get(one.parent ?? "")
    ) line.push(one);
    for (const one of line.reverse()) ordered.add(one);
  }
  return [...ordered];
}

class TaskRecorder {
  readonly #transforms = new Map<string, number>();

  constructor(
    private readonly instance: Instance,
    private readonly changes: Changes,
    private readonly manager: ImportedWorkflow["manager"],
    private readonly request: RecordRequest,
  ) {}

  /** Inserts the run of a task; gives its id. */
  async insert(task: ImportedTask, parentId: number | undefined): Promise<number> {
    const { parameters, command } = task;
    const row = await insertRun(this.instance, this.changes, {
      transformId: await this.#transformOf(task),
      branchId: this.request.branchId,
      status: task.status,
      startedAt: task.startedAt,
      finishedAt: task.finishedAt,
      name: cutOff(redactSource(task.name)),
      reference: task.id,
      referenceType: this.manager,
      ...(parentId !== undefined && { initiatedByRunId: parentId }),
      ...(parameters && { params: redactValue("", parameters) as Record<string, unknown> }),
      ...(command && { cliArgs: redactSource(command) }),
    });
    return row.id;
  }

  /** Links the run of a task with what it read and made. */
  async link(task: ImportedTask, runId: number): Promise<void> {
    const { artifactOf } = this.request;
    const idsOf = (files: ImportedTask["inputs"]) => [
      ...new Set(files.flatMap((file) => artifactOf(task, file) ?? [])),
    ];
    const inputs = idsOf(task.inputs);
    const outputs = idsOf(task.outputs).filter((id) => !inputs.includes(id));
    await linkInputs(this.changes, runId, inputs);
    await linkOutputs(this.changes, runId, outputs);
  }

  async #transformOf({ code }: ImportedTask): Promise<number> {
    const key = join(this.request.prefix, code.name + code.suffix);
    const wanted = `${key}\0${code.source ?? ""}`;
    let id = this.#transforms.get(wanted);
    if (id === undefined) {
      const row = await ensureTransform(this.instance, this.changes, {
        key,
        kind: code.kind,
        branchId: this.request.branchId,
        ...(code.source === undefined ? {} : { source: code.source }),
      });
      id = row.id;
      this.#transforms.set(wanted, id);
    }
    return id;
  }
}

function cutOff(text: string): string {
  const characters = Array.from(text);
  return characters.length <= nameMax ? text : `${characters.slice(0, nameMax - 1).join("")}…`;
}
