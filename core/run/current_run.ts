import type { MakingRun } from "../artifact/add/making_run.ts";
import type { Instance } from "../instance/instance.ts";
import { run } from "../registry/lamindb/run.ts";
import { ancestors } from "./process_tree.ts";
import { findProject } from "./projects.ts";
import type { RunRow } from "./record_run.ts";
import { readRunProcess, runUids } from "./state/run_folders.ts";

/** Variables by which a command learns of the run that it belongs to. */
export const runVariable = "LAMIN_RUN_UID";
export const initiatedByVariable = "LAMIN_INITIATED_BY_RUN_UID";
export const projectVariable = "LAMIN_CURRENT_PROJECT";

/** The run that a command belongs to. */
export interface CurrentRun extends MakingRun {
  readonly row: RunRow;
}

/**
 * Uid of the run that a command belongs to: of `lamin run` above it, else the one that `lamin
 * track` noted for a shell above it. Nothing is asked of the database.
 */
export function currentRunUid(instance: Pick<Instance, "host" | "workIndexPath">) {
  return instance.host.environment(runVariable) ?? trackedRunUid(instance);
}

/** Uid of the run that `lamin track` noted for a shell above this process, the nearest one. */
export function trackedRunUid(
  instance: Pick<Instance, "host" | "workIndexPath">,
): string | undefined {
  const uids = runUids(instance);
  if (uids.length === 0) return undefined;
  const byMark = new Map(uids.map((uid) => [readRunProcess(instance, uid, "shell")?.name, uid]));
  byMark.delete(undefined);
  if (byMark.size === 0) return undefined;
  for (const { mark } of ancestors(instance.host)) {
    const uid = byMark.get(mark);
    if (uid !== undefined) return uid;
  }
  return undefined;
}

/** Whether `lamin track` noted a run for the shell of this mark itself. */
export function isRunOfShell(
  instance: Pick<Instance, "host" | "workIndexPath">,
  uid: string,
  mark: string,
): boolean {
  return readRunProcess(instance, uid, "shell")?.name === mark;
}

/**
 * The run that a command belongs to; `unknown` is called with the uid of one that this instance
 * does not have. Throws code "not_found" when the variable for projects names none.
 */
export async function currentRun(
  instance: Instance,
  unknown: (uid: string) => void,
): Promise<CurrentRun | undefined> {
  const uid = currentRunUid(instance);
  if (uid === undefined) return undefined;
  const project = instance.host.environment(projectVariable);
  const found = await instance.database.read(async (reader) => {
    const [row] = await reader.select(run, "uid = ?", [uid]);
    if (row === undefined) return undefined;
    return {
      row,
      id: row.id,
      sinceMs: millisecondsOf(row.started_at),
      ...(project === undefined ? {} : { projectId: await findProject(reader, project) }),
    };
  });
  if (found === undefined) unknown(uid);
  return found;
}

/** A time as the database has it, in milliseconds since 1970. */
function millisecondsOf(text: string): number {
  return Date.parse(`${text.replace(" ", "T").slice(0, 23)}Z`);
}
