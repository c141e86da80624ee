import { add, type AddRequest } from "../artifact/add/add.ts";
import type { Refused } from "../artifact/add/source.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import type { OperationName } from "../operation/mutate.ts";
import { addedArtifacts } from "./added_artifacts.ts";
import { FoundFiles } from "./found_files.ts";
import type { ImportedTask, ImportedWorkflow } from "./imported.ts";
import { recordedBefore } from "./recorded_before.ts";
import { recordTasks } from "./record_tasks.ts";
import { sameContents } from "./same_contents.ts";
import { TakenFiles, type TakeRequest } from "./taken_files.ts";
import { draftRuns } from "./task_logs.ts";

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

/**
 * Records the tasks of a workflow as runs with what they read and made, in one transaction: files
 * that are there as they were then are added, of others the artifacts with the same content are
 * found. A task that was imported before is left as it is.
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
  const taken = new TakenFiles(instance, { ...request, folder: workflow.folder });
  const found = await FoundFiles.of(taken, fresh);
  const refused = request.dryRun
    ? []
    : fresh.length === 0
    ? await tidy(instance)
    : await record(instance, { ...workflow, tasks: fresh }, request, taken, found);
  return {
    imported: fresh,
    known: tasks.length - fresh.length,
    files: found.keys.size,
    unlinked: [...refused, ...found.unlinked()],
  };
}

/** Removes what an import that died left, as every addition does. */
async function tidy({ blobs }: Instance): Promise<readonly Refused[]> {
  const batch = blobs.batch();
  try {
    await batch.publish();
    return [];
  } finally {
    batch.discard();
  }
}

/** Adds the files and records the runs; gives the files that could not be added. */
async function record(
  instance: Instance,
  workflow: ImportedWorkflow,
  request: ImportRequest,
  taken: TakenFiles,
  found: FoundFiles,
): Promise<readonly Refused[]> {
  const { operation, mode, prefix, onTotal, onProgress } = request;
  const branchId = await instance.database.read((reader) => currentBranchId(instance, reader));
  const batch = instance.blobs.batch();
  try {
    const drafted = await draftRuns(instance, taken, workflow.tasks, batch);
    await batch.publish();
    const result = await add(instance, {
      operation,
      mode,
      paths: [...found.keys.keys()],
      keyAt: (path) => found.keys.get(path),
      allowKeyless: false,
      folders: "folder",
      annotations: { branchId },
      dryRun: false,
      within: async (changes, added, unchanged) => {
        found.resolve(
          await addedArtifacts(changes.reader, added, unchanged),
          await sameContents(changes.reader, found.missingContents()),
        );
        const record = { branchId, prefix, drafted, found };
        const count = await recordTasks(instance, changes, workflow, record);
        return `${count} runs of ${workflow.manager}`;
      },
      ...(onTotal === undefined ? {} : { onTotal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    return result.refused;
  } finally {
    batch.discard();
  }
}
