import { nameOfProcess } from "../../store/process_name.ts";
import { join } from "../../store/path.ts";
import type { Instance } from "../instance/instance.ts";
import type { Changes } from "../operation/changes.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { ensureTransform } from "../transform/ensure_transform.ts";
import { presentAt } from "../work_tree/present.ts";
import type { CommandCode } from "./command/command_code.ts";
import type { RunInput } from "./inputs.ts";
import { findProject, linkProject } from "./projects.ts";
import { insertRun, type JsonObject, linkInputs, newRunUid, type RunRow } from "./record_run.ts";
import { runStatus } from "./run_status.ts";
import { beginRunFolder, removeRunFolder } from "./state/run_folders.ts";

/** A run that is about to begin. Secrets are out of all of it but the code. */
export interface RunBeginning {
  readonly operation: OperationName;
  readonly code: CommandCode;
  readonly branchId: number;
  readonly name?: string;
  readonly params: JsonObject;
  readonly cliArgs: string;
  readonly extraData?: JsonObject;
  readonly inputs: readonly RunInput[];
  /** Name or uid of a project. */
  readonly project?: string;
  /** Uid of the run inside which this one is; nothing is noted of one that is not known here. */
  readonly initiatedBy?: string;
  /**
   * What the life of the run depends on: this process, or the shell of a mark
   * (store/objects/process_mark.ts).
   */
  readonly livesWith: { readonly process: true } | { readonly shell: string };
}

/** A run that goes on. */
export interface StartedRun {
  readonly id: number;
  readonly uid: string;
  readonly branchId: number;
  /** When it began, in milliseconds since 1970. */
  readonly sinceMs: number;
  readonly projectId?: number;
}

/**
 * Records that a run begins: its folder first, so that nothing of it is forgotten, then in one
 * transaction its code, its row and what it reads. Throws code "usage" or "not_found" for a name or
 * project that cannot be, "denied" where nothing may be written.
 */
export async function startRun(instance: Instance, wanted: RunBeginning): Promise<StartedRun> {
  instance.requireWritable();
  const uid = newRunUid(instance);
  const { livesWith } = wanted;
  if ("shell" in livesWith) beginRunFolder(instance, uid, "shell", livesWith.shell);
  else beginRunFolder(instance, uid, "process", nameOfProcess(instance.host));
  try {
    const { result } = await mutate(instance, wanted.operation, async (changes) => ({
      result: await record(instance, changes, uid, wanted),
      summary: `began ${wanted.name ?? wanted.code.key}`,
    }));
    return result;
  } catch (error) {
    removeRunFolder(instance, uid);
    throw error;
  }
}

async function record(
  instance: Instance,
  changes: Changes,
  uid: string,
  wanted: RunBeginning,
): Promise<StartedRun> {
  const { branchId, code, project } = wanted;
  const { host, workTree } = instance;
  const { path: _, ...said } = code;
  const transform = await ensureTransform(instance, changes, {
    ...said,
    branchId,
    isGone: (key) => presentAt(host, join(workTree.root, key), "follow") === null,
  });
  const startedAt = host.now();
  const parent = await runOfUid(changes, wanted.initiatedBy);
  const row: RunRow = await insertRun(instance, changes, {
    uid,
    transformId: transform.id,
    branchId,
    status: runStatus.started,
    startedAt,
    params: wanted.params,
    cliArgs: wanted.cliArgs,
    ...(wanted.name === undefined ? {} : { name: wanted.name }),
    ...(wanted.extraData === undefined ? {} : { extraData: wanted.extraData }),
    ...(parent === undefined ? {} : { initiatedByRunId: parent }),
  });
  await linkInputs(changes, row.id, wanted.inputs.map(({ id }) => id));
  const started = {
    id: row.id,
    uid,
    branchId,
    sinceMs: startedAt.getTime(),
    ...(project === undefined ? {} : { projectId: await findProject(changes.reader, project) }),
  };
  await linkProject(instance, changes, started, "run", [row.id]);
  await linkProject(instance, changes, started, "transform", [transform.id]);
  return started;
}

async function runOfUid(changes: Changes, uid: string | undefined): Promise<number | undefined> {
  if (uid === undefined) return undefined;
  const sql = "SELECT id FROM lamindb_run WHERE uid = ?";
  const row = await changes.reader.first<{ id: number }>(sql, [uid]);
  return row === undefined ? undefined : Number(row.id);
}
