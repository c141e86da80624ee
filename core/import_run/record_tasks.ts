import { cutOff } from "../text/cut_off.ts";
import { join, relativeTo } from "../../store/path.ts";
import type { Instance } from "../instance/instance.ts";
import type { Changes } from "../operation/changes.ts";
import { run } from "../registry/lamindb/run.ts";
import { insertRun, linkInputs, linkOutputs } from "../run/record_run.ts";
import { extraDataOf } from "../run/recorded_command.ts";
import { redactSource, redactValue, redactWords } from "../run/redact.ts";
import { ensureTransform } from "../transform/ensure_transform.ts";
import type { FoundFiles } from "./found_files.ts";
import type { ImportedTask, ImportedWorkflow } from "./imported.ts";
import { recordedBefore } from "./recorded_before.ts";
import type { Drafted } from "./task_logs.ts";

export interface RecordRequest {
  readonly branchId: number;
  /** What goes before the keys of transforms. */
  readonly prefix: string;
  /** The runs to be, by the ids of tasks. */
  readonly drafted: ReadonlyMap<string, Drafted>;
  readonly found: FoundFiles;
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
  workflow: ImportedWorkflow,
  request: RecordRequest,
): Promise<number> {
  const { manager, tasks } = workflow;
  const recorder = new TaskRecorder(instance, changes, workflow, request);
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
    private readonly workflow: ImportedWorkflow,
    private readonly request: RecordRequest,
  ) {}

  /** Inserts the run of a task with its log; gives its id. */
  async insert(task: ImportedTask, parentId: number | undefined): Promise<number> {
    const { parameters, command } = task;
    const { branchId, drafted } = this.request;
    const { uid, files } = drafted.get(task.id)!;
    const row = await insertRun(this.instance, this.changes, {
      uid,
      transformId: await this.#transformOf(task),
      branchId,
      status: task.status,
      startedAt: task.startedAt,
      finishedAt: task.finishedAt,
      name: cutOff(redactSource(task.name), nameMax),
      reference: task.id,
      referenceType: this.workflow.manager,
      ...(parentId !== undefined && { initiatedByRunId: parentId }),
      ...(parameters && { params: redactValue("", parameters) as Record<string, unknown> }),
      ...(command && { cliArgs: redactSource(command) }),
      ...this.#commandOf(task),
    });
    await this.changes.update(run, [row], await files.record(this.changes, branchId));
    return row.id;
  }

  /** Links the run of a task with what it read and made. */
  async link(task: ImportedTask, runId: number): Promise<void> {
    const idsOf = (files: ImportedTask["inputs"]) => [
      ...new Set(files.flatMap((file) => this.request.found.artifactOf(task, file)?.id ?? [])),
    ];
    const inputs = idsOf(task.inputs);
    const outputs = idsOf(task.outputs).filter((id) => !inputs.includes(id));
    await linkInputs(this.changes, runId, inputs);
    await linkOutputs(this.changes, runId, outputs);
  }

  /** What `lamin rerun` needs, where the task was a command that runs in the work tree. */
  #commandOf(task: ImportedTask) {
    const { words, inputs, outputs } = task;
    const root = this.instance.workTree.root;
    const folder = relativeTo(root, this.workflow.folder);
    if (words === undefined || folder === undefined) return {};
    const { found } = this.request;
    const filesOf = (files: ImportedTask["inputs"]) =>
      files.flatMap((file) => {
        const uid = found.artifactOf(task, file)?.uid;
        const path = found.pathOf(task, file);
        if (uid === undefined || path === undefined) return [];
        return [{ uid, path: relativeTo(root, path) ?? path }];
      });
    const redacted = redactWords(words);
    return {
      extraData: extraDataOf({
        command: redacted,
        folder: folder || ".",
        inputs: filesOf(inputs),
        outputs: filesOf(outputs),
        outs: outputs.map(({ path }) => join(folder, path)),
        auto: false,
        redacted: redacted.some((word, index) => word !== words[index]),
      }),
    };
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
