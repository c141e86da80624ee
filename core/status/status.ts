import { LaminError } from "../../store/errors.ts";
import { basename, join } from "../../store/path.ts";
import type { Mark } from "../../store/work_index/indexed_files.ts";
import type { Verdict } from "../../store/work_index/packed_folder.ts";
import { WorkIndex } from "../../store/work_index/work_index.ts";
import { notFetchedIds } from "../artifact/not_fetched.ts";
import type { Instance } from "../instance/instance.ts";
import { reservedFolders } from "../identity/reserved_name.ts";
import { FileContents } from "../work_tree/file_contents.ts";
import { presentAt } from "../work_tree/present.ts";
import { type PassedOver, whyUnseen } from "../work_tree/walk.ts";
import { compare, type Compared } from "./compare.ts";
import type { StatusEntry } from "./entry.ts";
import { foldersAbove } from "./folders.ts";
import { type Ground, groundOf } from "./ground.ts";
import { findRenames } from "./renames.ts";
import { isBelow, type Scope, scopeOf } from "./scope.ts";
import { notClean, verdictOn } from "./settled.ts";
import type { TrackedArtifact } from "./tracked.ts";
import { trackedFolders, type Walked, walkScope } from "./walk_scope.ts";

export interface StatusReport {
  /** Name of the branch. */
  readonly branch: string;
  /** All that is not as it was recorded, in the order of paths. */
  readonly entries: readonly StatusEntry[];
  /** Whether the bytes of something that is not fetched did not come from another instance yet. */
  readonly isAwaited: boolean;
  /** How many artifacts are as they were recorded, and all folders above them. */
  readonly recorded: { readonly count: number; readonly folders: ReadonlySet<string> };
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
 * times and inode are those in the index are not opened, and the database is not asked about those
 * of which the index knows that they are as recorded, as long as nobody changed it. What was found
 * out goes into the index, where that can be written. A fixed number of queries, whatever the size
 * of the instance.
 *
 * Throws code "usage" for a path outside the work tree, "not_found" for one of nothing.
 */
export async function status(instance: Instance, request: StatusRequest): Promise<StatusReport> {
  const index = new WorkIndex(instance.host, instance.workIndexPath);
  try {
    const stamp = instance.database.stamp();
    const indexed = await index.load();
    const ground = await groundOf(instance, indexed, stamp);
    const scope = scopeOf(instance, request.paths, ground.tracked);
    const folders = trackedFolders(ground.tracked, ground.settled.folders());
    const all = await walkScope(instance.host, instance.workTree.root, scope.roots, folders);
    const walked = { ...all, entries: notClean(ground.settled, all.entries) };
    const tracked = await ground.complete(scope);
    for (const root of scope.roots) refuseUnknown(instance, root, tracked);
    const contents = new FileContents(instance, indexed);
    const compared = await compare({ instance, scope, tracked, walked, indexed, contents });
    const entries = await findRenames({ instance, contents }, compared);
    const unstored = await unstoredAmong(instance, compared.unchanged);
    await index.update({
      files: contents.learnt,
      ...settle({ ground, scope, stamp, compared, walked, contents, unstored }),
    });
    if (request.ignored) entries.push(...ignoredIn(walked, tracked));
    entries.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
    const unseen = walked.passedOver.filter(({ why }) => whyUnseen[why] !== undefined);
    return {
      branch: ground.branch,
      entries,
      isAwaited: await isAwaited(instance, entries),
      recorded: recordedIn(ground, compared),
      unseen,
    };
  } finally {
    await index.close();
  }
}

/**
 * Artifacts whose files are here as recorded and whose bytes did not come yet. Those that have an
 * object to come are looked for there by `add` itself.
 */
async function unstoredAmong(
  instance: Instance,
  unchanged: readonly TrackedArtifact[],
): Promise<ReadonlyMap<number, string>> {
  const others = unchanged.filter(({ isObject, bytesPath }) =>
    !isObject && bytesPath === undefined
  );
  return await notFetchedIds(instance, others.map(({ id }) => id));
}

/** How many are looked at to tell whether some are awaited: a clone has very many of them. */
const lookedAtMax = 100;

async function isAwaited(
  instance: Instance,
  entries: readonly StatusEntry[],
): Promise<boolean> {
  const absent = entries.filter(({ status }) => status === "not fetched").slice(0, lookedAtMax);
  const ids = absent.map(({ artifact }) => artifact!.id);
  return (await notFetchedIds(instance, ids)).size > 0;
}

function recordedIn({ settled }: Ground, { unchanged }: Compared): StatusReport["recorded"] {
  const clean = settled.clean();
  const folders = foldersAbove(clean.folders.map((folder) => `${folder}/`));
  return {
    count: unchanged.length + clean.count,
    folders: foldersAbove(unchanged.map(({ path }) => path), folders),
  };
}

/**
 * What the comparison found, for the index: all of it when everything was compared, else what is
 * more than was known. Nothing when the state of the database has no stamp.
 */
function settle(found: {
  ground: Ground;
  scope: Scope;
  stamp: string | undefined;
  compared: Compared;
  walked: Walked;
  contents: FileContents;
  /** Ids of artifacts that nothing may be concluded about: `add` is to store their bytes. */
  unstored: ReadonlyMap<number, string>;
}) {
  const { ground, scope, stamp, compared, walked, contents, unstored } = found;
  const { mark } = ground;
  if (stamp === undefined || (mark === undefined && !scope.roots.includes(""))) return {};
  const files = new Set(walked.entries.flatMap((one) => one.kind === "file" ? [one.path] : []));
  const verdicts = new Map<string, Verdict>();
  const others = new Set(mark?.others);
  const judge = (artifact: TrackedArtifact, isClean: boolean) => {
    const isSure = !unstored.has(artifact.id);
    if (isSure && files.has(artifact.path) && contents.isIndexed(artifact.path)) {
      verdicts.set(artifact.path, verdictOn(artifact, isClean));
      others.delete(artifact.id);
    } else if (mark === undefined) others.add(artifact.id);
  };
  for (const artifact of compared.unchanged) judge(artifact, true);
  for (const { artifact } of mark === undefined ? compared.entries : []) {
    if (artifact !== undefined) judge(artifact, false);
  }
  if (mark !== undefined && verdicts.size === 0) return {};
  const next: Mark = { stamp, branch: ground.branchId, others: [...others], stored: {} };
  return { settled: { onTopOf: mark?.stamp, mark: next, verdicts } };
}

function refuseUnknown(
  instance: Instance,
  root: string,
  tracked: ReadonlyMap<string, TrackedArtifact>,
): void {
  if (root === "" || presentAt(instance.host, join(instance.workTree.root, root)) !== null) return;
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
