import { LaminError } from "../../store/errors.ts";
import { basename, join } from "../../store/path.ts";
import { WorkIndex } from "../../store/work_index.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { reservedFolders } from "../identity/reserved_name.ts";
import { FileContents } from "../work_tree/file_contents.ts";
import type { PassedOver } from "../work_tree/walk.ts";
import { compare } from "./compare.ts";
import type { StatusEntry } from "./entry.ts";
import { foldersAbove } from "./folders.ts";
import { findRenames } from "./renames.ts";
import { isBelow, scopeOf } from "./scope.ts";
import { type TrackedArtifact, trackedArtifacts } from "./tracked.ts";
import { type Walked, walkScope } from "./walk_scope.ts";

export interface StatusReport {
  /** Name of the branch. */
  readonly branch: string;
  /** All that is not as it was recorded, in the order of paths. */
  readonly entries: readonly StatusEntry[];
  /** What is as it was recorded. */
  readonly unchanged: readonly TrackedArtifact[];
  /** What could not be looked at, since it may not be read or its name is not UTF-8. */
  readonly unseen: readonly PassedOver[];
}

export interface StatusRequest {
  /** Relative to the working directory; everything when there are none. */
  readonly paths: readonly string[];
  /** Whether what is ignored is told too. */
  readonly ignored: boolean;
}

/**
 * Compares the work tree with the latest versions on the branch and on main. Files whose size,
 * times and inode are those in the index are not opened; what had to be read goes into the index,
 * where that can be written. A fixed number of queries, whatever the size of the instance.
 *
 * Throws code "usage" for a path outside the work tree, "not_found" for one of nothing.
 */
export async function status(instance: Instance, request: StatusRequest): Promise<StatusReport> {
  const { branch, tracked } = await recorded(instance);
  const scope = scopeOf(instance, request.paths, tracked);
  for (const root of scope.roots) refuseUnknown(instance, root, tracked);
  const walked = await walkScope(instance.host, instance.workTree.root, scope.roots, tracked);
  const index = new WorkIndex(instance.host, instance.workIndexPath);
  try {
    const indexed = await index.all();
    const contents = new FileContents(instance, indexed);
    const compared = await compare({ instance, scope, tracked, walked, indexed, contents });
    const entries = await findRenames({ instance, contents }, compared);
    await index.update(contents.learnt);
    if (request.ignored) entries.push(...ignoredIn(walked, tracked));
    entries.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
    const unseen = walked.passedOver.filter(({ why }) => why === "unreadable" || why === "name");
    return { branch, entries, unchanged: compared.unchanged, unseen };
  } finally {
    await index.close();
  }
}

async function recorded(instance: Instance) {
  return await instance.database.read(async (reader) => {
    const id = await currentBranchId(instance, reader);
    const branch = await reader.first<{ name: string }>(
      "SELECT name FROM lamindb_branch WHERE id = ?",
      [id],
    );
    const tracked = await trackedArtifacts(instance, reader, id);
    return { branch: branch?.name ?? "main", tracked };
  });
}

function refuseUnknown(
  instance: Instance,
  root: string,
  tracked: ReadonlyMap<string, TrackedArtifact>,
): void {
  if (root === "" || instance.host.files.lstat(join(instance.workTree.root, root)) !== null) return;
  for (const path of tracked.keys()) if (isBelow(root, path) || isBelow(path, root)) return;
  throw new LaminError("not_found", `there is no file, folder or artifact '${root}'`, {
    hint: "'lamin list artifact' shows what is recorded",
    data: { path: root },
  });
}

/** What patterns hide, but for folders with something recorded in them. */
function ignoredIn(walked: Walked, tracked: ReadonlyMap<string, TrackedArtifact>): StatusEntry[] {
  const folders = foldersAbove(tracked.keys());
  return walked.passedOver
    .filter(({ path, why }) =>
      why === "ignored" && !tracked.has(path) && !folders.has(path) &&
      !reservedFolders.has(basename(path))
    )
    .map(({ path, isFolder }) => ({ status: "ignored", path, isFolder }));
}
