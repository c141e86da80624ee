import type { Host } from "../../store/host/host.ts";
import { isProcessAlive, processMark } from "../../store/objects/process_mark.ts";
import { isLeftOver, isNameOfProcess } from "../../store/process_name.ts";
import { timestamp } from "../../store/database/values.ts";
import type { Instance } from "../instance/instance.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { run } from "../registry/lamindb/run.ts";
import { RunFiles } from "./run_files.ts";
import { runStatus } from "./run_status.ts";
import {
  readRunProcess,
  removeRunFolder,
  runFilePath,
  runFolderStat,
  type RunProcess,
  runUids,
} from "./state/run_folders.ts";

/** How long a folder may be without the name of a process, in milliseconds: it is just made. */
const namelessMs = 60_000;

/**
 * Ends the runs whose programs died before they could: they are aborted, with what they printed
 * until then as report. One look at a folder when there is none. Gives their uids; nothing is done
 * in an instance that only allows reading.
 */
export async function settleRuns(instance: Instance): Promise<readonly string[]> {
  const dead = deadRuns(instance);
  if (dead.length === 0 || instance.database.readOnly) return [];
  for (const uid of dead) await settle(instance, uid);
  return dead;
}

/** Uids of the runs that will never end by themselves. */
export function deadRuns(instance: Pick<Instance, "host" | "workIndexPath">): string[] {
  return runUids(instance).filter((uid) => isDead(instance, uid));
}

function isDead(place: Pick<Instance, "host" | "workIndexPath">, uid: string): boolean {
  const { host } = place;
  const shell = readRunProcess(place, uid, "shell");
  if (shell !== undefined) return isGone(host, shell, shell.name);
  const process = readRunProcess(place, uid, "process");
  const age = (ms: number) => host.now().getTime() - ms;
  // The power may have gone before its name was on the disk, and so before there was a row.
  if (process === undefined || !isNameOfProcess(process.name)) {
    return age(runFolderStat(place, uid)?.modifiedMs ?? 0) > namelessMs;
  }
  return isGone(host, process, process.name) ||
    isLeftOver(host, process.name, () => process.writtenMs);
}

/** Whether a process surely is no more: it is not there, or its machine was started anew. */
function isGone(host: Host, { hostName }: RunProcess, name: string): boolean {
  const mark = name.slice(name.search(/[0-9a-f]{32}-/));
  if (isProcessAlive(host, mark) === false) return true;
  const boot = (text: string) => /[0-9a-f]{32}(?=-)/.exec(text)?.[0];
  const present = boot(processMark(host));
  return hostName === host.hostName() && present !== undefined && boot(mark) !== present;
}

async function settle(instance: Instance, uid: string): Promise<void> {
  const operation: OperationName = { verb: "run", command: ["run", "(settled)"] };
  const files = new RunFiles(instance);
  const log = runFilePath(instance, uid, "log.txt");
  try {
    await files.take("report_id", log, reportDescription(uid));
    await files.publish();
    await mutate(instance, operation, async (changes) => {
      const [row] = await changes.reader.select(run, "uid = ?", [uid]);
      if (row !== undefined && row._status_code === runStatus.started) {
        const now = timestamp(instance.host.now());
        const last = instance.host.files.stat(log)?.modifiedMs;
        await changes.update(run, [row], {
          _status_code: runStatus.aborted,
          finished_at: last === undefined ? now : timestamp(new Date(last)),
          updated_at: now,
          ...await files.record(changes, row.branch_id),
        });
      }
      return { result: undefined, summary: `the run ${uid} was aborted` };
    });
  } finally {
    files.discard();
  }
  removeRunFolder(instance, uid);
}

/** How LaminDB describes the log of a run (COMPAT §6.3). */
export function reportDescription(uid: string): string {
  return `log streams of run ${uid}`;
}
