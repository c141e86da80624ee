import type { FileStat, Host } from "../../../store/host/host.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Changes } from "../../operation/changes.ts";
import { linkOutputs } from "../../run/link_data.ts";
import { linkProject } from "../../run/projects.ts";
import { presentAt } from "../../work_tree/present.ts";
import { folderFiles } from "./folder_files.ts";
import type { Recorded } from "./record.ts";

/** The run that makes what is added. */
export interface MakingRun {
  readonly id: number;
  /**
   * When it began, in milliseconds since 1970. Content that is known already counts as made again
   * by the run where its file was written since; of other files it only says that they are there.
   */
  readonly sinceMs: number;
  /** Project that what it makes belongs to. */
  readonly projectId?: number;
}

/** Clocks of file systems are behind the system's by this much at most, in milliseconds. */
const slackMs = 20;

export function isWrittenSince({ sinceMs }: MakingRun, { changedMs }: FileStat): boolean {
  return changedMs >= sinceMs - slackMs;
}

/** Notes what the run made among what was recorded: all that is new, and what it made again. */
export async function linkMade(
  instance: Instance,
  changes: Changes,
  run: MakingRun,
  recorded: readonly Recorded[],
): Promise<void> {
  const isNew = ({ kind }: Recorded) => kind === "added" || kind === "new version";
  const again = recorded.filter((one) => !isNew(one) && isRewritten(instance.host, run, one));
  await linkOutputs(changes, run.id, again.map(({ row }) => row.id));
  const made = [...recorded.filter(isNew), ...again].map(({ row }) => row.id);
  await linkProject(instance, changes, run, "artifact", made);
}

function isRewritten(host: Host, run: MakingRun, { prepared }: Recorded): boolean {
  const { path, isFolder } = prepared.source;
  if (path === "-") return true;
  if (isFolder) return folderFiles(host, path).some(({ stat }) => isWrittenSince(run, stat));
  const stat = presentAt(host, path);
  return stat !== null && isWrittenSince(run, stat);
}
