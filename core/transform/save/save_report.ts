import type { Reader } from "../../../store/database/database.ts";
import { join } from "../../../store/path.ts";
import { randomBase62 } from "../../identity/base62.ts";
import { hashString } from "../../identity/hash.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Changes } from "../../operation/changes.ts";
import { run } from "../../registry/lamindb/run.ts";
import { user } from "../../registry/lamindb/user.ts";
import { insertRun, newRunUid } from "../../run/record_run.ts";
import { RunFiles } from "../../run/run_files.ts";
import { runStatus } from "../../run/run_status.ts";
import { matchTransform } from "../match_transform.ts";
import type { TransformRow, TransformWanted } from "../transform_wanted.ts";
import type { NotebookReport } from "./notebook_report.ts";

/**
 * The report of a notebook on its way to the run that it is of: the last one of the transform, or
 * one that is made for it, as LaminDB does.
 */
export class SavedReport {
  private constructor(
    private readonly instance: Instance,
    private readonly report: NotebookReport,
    private readonly runUid: string,
    private readonly files: RunFiles,
  ) {}

  /** Stages the report. `base` is a folder for temporary files. */
  static async stage(
    instance: Instance,
    report: NotebookReport,
    wanted: TransformWanted,
    base: string,
  ): Promise<SavedReport> {
    const { files } = instance.host;
    const uid = await lastRun(instance, wanted) ?? newRunUid(instance);
    const folder = join(base, `lamin-save-${randomBase62(instance.host, 8)}`);
    files.makeDirectory(folder, { mode: 0o700 });
    try {
      const path = join(folder, "report.html");
      files.writeFile(path, new TextEncoder().encode(report.html));
      const staged = new RunFiles(instance);
      await staged.take("report_id", path, `Report of run ${uid}`);
      await staged.publish();
      return new SavedReport(instance, report, uid, staged);
    } finally {
      files.removeTree(folder);
    }
  }

  /** Writes it down for the run, in the transaction that saves the notebook. */
  async record(changes: Changes, transform: TransformRow, branchId: number): Promise<void> {
    const [known] = await changes.reader.select(run, "uid = ? AND transform_id = ?", [
      this.runUid,
      transform.id,
    ]);
    const row = known ?? await insertRun(this.instance, changes, {
      uid: this.runUid,
      transformId: transform.id,
      branchId,
      status: runStatus.scheduled,
      startedAt: this.instance.host.now(),
    });
    const ids = await this.files.record(changes, branchId);
    await changes.update(run, [row], { ...ids, _is_consecutive: this.report.isConsecutive });
  }

  discard(): void {
    this.files.discard();
  }
}

/** Uid of the last run of the version that the notebook is. */
async function lastRun(instance: Instance, wanted: TransformWanted): Promise<string | undefined> {
  const hashing = await instance.host.hashing();
  const hash = hashString(hashing, wanted.source ?? "");
  return await instance.database.read(async (reader) => {
    const match = await matchTransform(reader, wanted, hash, await ownId(instance, reader));
    if (!("row" in match)) return undefined;
    const condition = "transform_id = ? ORDER BY started_at DESC, id DESC LIMIT 1";
    return (await reader.select(run, condition, [match.row.id]))[0]?.uid;
  });
}

/** Id of the user's row; 0, which nobody has, where there is none yet. */
export async function ownId({ user: own }: Instance, reader: Reader): Promise<number> {
  return (await reader.select(user, "uid = ?", [own.uid]))[0]?.id ?? 0;
}
