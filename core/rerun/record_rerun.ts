import { timestamp } from "../../store/database/values.ts";
import { nameOfProcess } from "../../store/process_name.ts";
import { add } from "../artifact/add/add.ts";
import { stemUid } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { run } from "../registry/lamindb/run.ts";
import { extraDataOf, recordedCommand } from "../run/recorded_command.ts";
import { insertRun, linkInputs, linkOutputs, newRunUid } from "../run/record_run.ts";
import { runStatus } from "../run/run_status.ts";
import { beginRunFolder, removeRunFolder } from "../run/state/run_folders.ts";
import type { Recipe, RunRow } from "./recipe.ts";
import type { RunAgain } from "./run_again.ts";
import type { Verdict } from "./verdict.ts";

export interface RecordRequest {
  readonly operation: OperationName;
  readonly branchId: number;
  /** Ids of what was recorded of runs that were done again before, by the stem of its uid. */
  readonly made: Map<string, number>;
}

/**
 * Records that a run was done again: as a run of the same code with its inputs, which made those
 * outputs again that came out the same, and new versions of those that differ. The work tree is not
 * touched. A process that dies meanwhile leaves a run that ended with it, as `lamin run` does.
 */
export async function recordRerun(
  instance: Instance,
  recipe: Recipe,
  again: RunAgain,
  { operation, branchId, made }: RecordRequest,
): Promise<string> {
  const uid = newRunUid(instance);
  beginRunFolder(instance, uid, "process", nameOfProcess(instance.host));
  const begun = await begin(instance, recipe, again, { operation, branchId, made, uid });
  const same = again.verdicts.filter(({ verdict }) => verdict === "same bytes");
  for (const one of again.verdicts.filter(isNew)) {
    const id = await addOutput(instance, one, begun, { operation, branchId });
    made.set(stemUid(one.output.row.uid), id);
  }
  await mutate(instance, operation, async (changes) => {
    await linkOutputs(changes, begun.id, same.map(({ output }) => output.row.id));
    const [row] = await changes.reader.select(run, "id = ?", [begun.id]);
    if (row !== undefined) {
      await changes.update(run, [row], {
        _status_code: statusOf(again),
        finished_at: timestamp(again.finishedAt),
      });
    }
    return { result: undefined, summary: `did ${recipe.run.uid} again as ${uid}` };
  });
  removeRunFolder(instance, uid);
  return uid;
}

/** What is to be a new version: other bytes, that are there as a file or folder. */
function isNew({ verdict, path }: Verdict): boolean {
  return path !== undefined && (verdict === "differs" || verdict === "same content");
}

async function begin(
  instance: Instance,
  { run: original, inputs }: Recipe,
  { startedAt }: RunAgain,
  { operation, branchId, made, uid }: RecordRequest & { readonly uid: string },
): Promise<RunRow> {
  const recorded = recordedCommand(original.extra_data);
  const { result } = await mutate(instance, operation, async (changes) => {
    const row = await insertRun(instance, changes, {
      uid,
      transformId: original.transform_id,
      branchId,
      status: runStatus.started,
      startedAt,
      reference: original.uid,
      referenceType: "rerun",
      ...(original.params === null ? {} : { params: JSON.parse(original.params) }),
      ...(original.cli_args === null ? {} : { cliArgs: original.cli_args }),
      ...(recorded === undefined ? {} : { extraData: extraDataOf(recorded) }),
    });
    await linkInputs(
      changes,
      row.id,
      inputs.map(({ row }) => made.get(stemUid(row.uid)) ?? row.id),
    );
    return { result: row, summary: `began to record ${uid}` };
  });
  return result;
}

/** Adds one output under the key of the one before; gives the id of its artifact. */
async function addOutput(
  instance: Instance,
  { output, path }: Verdict,
  { id }: RunRow,
  { operation, branchId }: Pick<RecordRequest, "operation" | "branchId">,
): Promise<number> {
  const { row } = output;
  const ids: number[] = [];
  await add(instance, {
    operation,
    paths: [path!],
    ...(row.key === null ? {} : { key: row.key }),
    allowKeyless: row.key === null,
    folders: row.n_files === null ? "by name" : "folder",
    annotations: { branchId, ...(row.key === null ? { revises: row } : {}) },
    mode: "copy",
    dryRun: false,
    within: async (changes, added, unchanged) => {
      ids.push(...unchanged, ...[...added].map((one) => one.id!));
      await linkOutputs(changes, id, ids);
      return `record ${row.key ?? row.uid}`;
    },
  });
  return ids[0]!;
}

function statusOf({ code, interruptedBy }: RunAgain): RunRow["_status_code"] {
  if (code === 0) return runStatus.completed;
  return interruptedBy === undefined ? runStatus.errored : runStatus.aborted;
}
