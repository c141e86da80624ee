import type { Reader } from "../../../store/database/database.ts";
import { type Mark, markOf } from "../../../store/work_index/indexed_files.ts";
import { type Verdict, verdictBit } from "../../../store/work_index/packed_folder.ts";
import type { Settled } from "../../../store/work_index/work_index.ts";
import type { Instance } from "../../instance/instance.ts";
import { mainBranch } from "../../version/branch_ids.ts";
import { highestArtifactId } from "../highest_id.ts";
import type { AddRequest } from "./add.ts";
import type { AddedAll } from "./added.ts";
import type { KeptAdded } from "./added_pieces.ts";

/** What the index said of the state of the database that an `add` started from. */
export type Base = Pick<Mark, "others" | "stored"> & { readonly stamp: string | undefined };

/**
 * Fewer artifacts than this are compared anew by the next `status` in less time than it takes to
 * make sure here that nobody else changed the database.
 */
const artifactsMin = 2000;

/**
 * What the index knows of the database as it is, so that it can be carried over the change that is
 * to come; undefined when it does not hold. To be asked under the write lock, before the change.
 */
export async function baseOf(
  instance: Instance,
  reader: Reader,
  mark: Mark | undefined,
): Promise<Base | undefined> {
  const standing = markOf(mark, instance.database.stamp(), mainBranch);
  if (standing !== undefined) return standing;
  const any = await reader.first("SELECT id FROM lamindb_artifact LIMIT 1");
  return any === undefined ? { stamp: undefined, others: [], stored: {} } : undefined;
}

/**
 * What the index is to know of the database after the change; undefined when somebody else changed
 * it too, or where it would not pay.
 */
export async function settledAfter(
  instance: Instance,
  request: AddRequest,
  base: Base | undefined,
  added: AddedAll,
): Promise<Settled | undefined> {
  if (base === undefined || request.annotations.branchId !== mainBranch) return undefined;
  if (added.counts.has("returned") || added.counts.has("restored")) return undefined;
  if (await instance.database.read(highestArtifactId) < artifactsMin) return undefined;
  const stamp = await instance.database.stampAfterWrite();
  if (stamp === undefined) return undefined;
  return {
    onTopOf: base.stamp,
    mark: { stamp, branch: mainBranch, others: base.others, stored: base.stored },
    verdicts: verdictsOf(instance, request, added),
  };
}

function* verdictsOf(
  instance: Instance,
  request: AddRequest,
  added: AddedAll,
): Iterable<[string | undefined, Verdict]> {
  for (const one of added) {
    if (one.kind !== "added" && one.kind !== "new version") continue;
    const path = settledPath(instance, request, one);
    yield [path, verdictOn(instance, one, request)];
    // A file under the key of something that was added from elsewhere is not as recorded any more.
    if (path === undefined && one.key !== null) yield [one.key, { artifactId: one.id!, bits: 0 }];
  }
}

/** Where in the work tree the file lies whose content was recorded under its own path. */
function settledPath(
  instance: Instance,
  request: AddRequest,
  added: KeptAdded,
): string | undefined {
  const { workPath, key } = added;
  const { root, workTree } = instance.location;
  if (workPath !== key) return undefined;
  return request.mode === "in place" && root !== workTree ? undefined : workPath;
}

function verdictOn(instance: Instance, { id }: KeptAdded, { mode }: AddRequest): Verdict {
  const isOwnObject = mode !== "in place" && instance.storage.id === instance.ownStorage.id;
  const place = isOwnObject ? verdictBit.isObject : 0;
  return { artifactId: id!, bits: verdictBit.clean | verdictBit.keyed | place };
}
