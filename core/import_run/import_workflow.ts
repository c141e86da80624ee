import { add, type AddRequest } from "../artifact/add/add.ts";
import { addedRows } from "../artifact/add/added_rows.ts";
import type { Refused } from "../artifact/add/source.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import type { ImportedTask, ImportedWorkflow, TaskFile } from "./imported.ts";
import { recordedBefore } from "./recorded_before.ts";
import { recordTasks } from "./record_tasks.ts";
import { sameContents } from "./same_contents.ts";
import { type TakenFile, TakenFiles, type TakeRequest } from "./taken_files.ts";

export interface ImportRequest extends Omit<TakeRequest, "folder"> {
  readonly operation: OperationName;
  /** Where the bytes go, as for `add`. */
  readonly mode: AddRequest["mode"];
  readonly dryRun: boolean;
  readonly onTotal?: (bytes: number) => void;
  readonly onProgress?: (bytes: number, files: number) => void;
}

export interface ImportResult {
  /** Tasks that became runs, or would. */
  readonly imported: readonly ImportedTask[];
  /** How many were imported before. */
  readonly known: number;
  /** Files that were added, or would be looked at. */
  readonly files: number;
  /** Files that no run is linked with, and why, each once. */
  readonly unlinked: readonly Refused[];
}

/** Ids of artifacts by the paths that a task calls them, for its inputs and outputs. */
export type ArtifactsOf = (task: ImportedTask, file: TaskFile) => number | undefined;

/**
 * Records the tasks of a workflow as runs with what they read and made: files that are there as
 * they were then are added, of others the artifacts with the same content are found. A task that
 * was imported before is left as it is. First the files are added, then all runs are recorded in
 * one transaction; after a death in between, the same command goes on.
 *
 * Throws what `add` throws.
 */
export async function importWorkflow(
  instance: Instance,
  workflow: ImportedWorkflow,
  request: ImportRequest,
): Promise<ImportResult> {
  if (!request.dryRun) instance.requireWritable();
  const { manager, tasks } = workflow;
  const before = await instance.database.read((reader) =>
    recordedBefore(reader, manager, tasks.map(({ id }) => id))
  );
  const fresh = tasks.filter(({ id }) => !before.has(id));
  const found = await takeAll(new TakenFiles(instance, { ...request, ...workflow }), fresh);
  const taken = found.values().filter((one) => typeof one !== "string");
  const keys = new Map(taken.map(({ path, key }) => [path, key]));
  const result = (unlinked: readonly Refused[]): ImportResult => ({
    imported: fresh,
    known: tasks.length - fresh.length,
    files: keys.size,
    unlinked,
  });
  if (request.dryRun || fresh.length === 0) return result(unlinkedOf(found, () => false));
  const { idsByKey, refused } = await addFiles(instance, request, keys);
  const contents = await sameContents(instance, fresh, found);
  const artifactOf: ArtifactsOf = (task, file) => {
    const one = found.get(nameOf(task, file));
    const id = typeof one === "object" ? idsByKey.get(one.key) : undefined;
    return id ?? contents.get(file.sha256 ?? "");
  };
  await mutate(instance, request.operation, async (changes) => {
    const branchId = await currentBranchId(instance, changes.reader);
    const count = await recordTasks(instance, changes, { ...workflow, tasks: fresh }, {
      branchId,
      prefix: request.prefix,
      artifactOf,
    });
    return { result: undefined, summary: `${count} runs of ${manager}` };
  });
  const linked = linkedNames(fresh, artifactOf);
  return result([...refused, ...unlinkedOf(found, (name) => linked.has(name))]);
}

/** What the files of tasks turned out to be, by task and path. */
async function takeAll(
  taken: TakenFiles,
  tasks: readonly ImportedTask[],
): Promise<Map<string, TakenFile | string>> {
  const found = new Map<string, TakenFile | string>();
  for (const task of tasks) {
    for (const file of [...task.inputs, ...task.outputs]) {
      found.set(nameOf(task, file), await taken.take(file, task.finishedAt));
    }
  }
  return found;
}

async function addFiles(
  instance: Instance,
  request: ImportRequest,
  keys: ReadonlyMap<string, string>,
): Promise<{ idsByKey: Map<string, number>; refused: readonly Refused[] }> {
  const idsByKey = new Map<string, number>();
  if (keys.size === 0) return { idsByKey, refused: [] };
  const { operation, mode, onTotal, onProgress } = request;
  const branchId = await instance.database.read((reader) => currentBranchId(instance, reader));
  const result = await add(instance, {
    operation,
    mode,
    paths: [...keys.keys()],
    keyAt: (path) => keys.get(path),
    allowKeyless: false,
    folders: "folder",
    annotations: { branchId },
    dryRun: false,
    ...(onTotal === undefined ? {} : { onTotal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  for await (const { row } of addedRows(instance, result)) idsByKey.set(row.key!, row.id);
  return { idsByKey, refused: result.refused };
}

/** The name under which a file of a task is kept: another task may have seen another content. */
export function nameOf({ id }: ImportedTask, { path }: TaskFile): string {
  return `${id}\0${path}`;
}

function linkedNames(tasks: readonly ImportedTask[], artifactOf: ArtifactsOf): Set<string> {
  return new Set(tasks.flatMap((task) =>
    [...task.inputs, ...task.outputs]
      .filter((file) => artifactOf(task, file) !== undefined)
      .map((file) => nameOf(task, file))
  ));
}

function unlinkedOf(
  found: ReadonlyMap<string, TakenFile | string>,
  isLinked: (name: string) => boolean,
): Refused[] {
  const reasons = new Map<string, string>();
  for (const [name, one] of found) {
    if (typeof one !== "string" || isLinked(name)) continue;
    reasons.set(name.slice(name.indexOf("\0") + 1), one);
  }
  return [...reasons].map(([path, why]) => ({ path, why }));
}
