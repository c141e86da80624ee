import type { FileStat } from "../../../store/host/host.ts";
import { type IndexedFiles, markOf } from "../../../store/work_index/indexed_files.ts";
import { verdictBit } from "../../../store/work_index/packed_folder.ts";
import type { IndexUpdate } from "../../../store/work_index/work_index.ts";
import type { Instance } from "../../instance/instance.ts";
import { mainBranch } from "../../version/branch_ids.ts";
import type { AddRequest } from "./add.ts";
import type { SourceRequest } from "./source.ts";
import { StoredObjects } from "./stored_objects.ts";

/** Files that need no look. */
export interface SettledFiles {
  readonly id: SourceRequest["settledId"];
  /** What the index is to know of the store, if anything was found out. */
  learnt(): IndexUpdate["stored"];
}

/**
 * Which artifact records a file of the work tree as it is, of files of which the index knows that:
 * it holds as long as nobody changed the database since, of which `stamp` is the present state.
 * That the store still has their objects is looked up. Undefined when the index does not hold, or
 * the command says something about the artifacts beside their content.
 */
export function settledFiles(
  instance: Instance,
  request: AddRequest,
  indexed: IndexedFiles,
  stamp: string | undefined,
): SettledFiles | undefined {
  const mark = markOf(indexed.mark, stamp, mainBranch);
  if (mark === undefined || saysMore(request)) return undefined;
  const stored = new StoredObjects(instance, indexed, mark);
  return {
    id: (workPath, stat) => settledId(indexed, workPath, stat, stored),
    learnt: () => stored.learnt(),
  };
}

function saysMore({ annotations, key, keyPrefix }: AddRequest): boolean {
  const { description, kind, versionTag, revises, branchId } = annotations;
  const said = [description, kind, versionTag, revises, key, keyPrefix];
  return branchId !== mainBranch || said.some((one) => one !== undefined);
}

/** Id of the artifact that records the file as it is, if that is known. */
function settledId(
  indexed: IndexedFiles,
  workPath: string,
  stat: FileStat,
  stored: StoredObjects,
): number | undefined {
  const found = indexed.find(workPath);
  if (found === undefined) return undefined;
  const [folder, position] = found;
  const needed = verdictBit.clean | verdictBit.keyed;
  const bits = folder.bits(position);
  if ((bits & needed) !== needed || !folder.isUnchanged(position, stat)) return undefined;
  const isObject = (bits & verdictBit.isObject) !== 0;
  if (isObject && !stored.has(folder, position)) return undefined;
  return folder.artifactId(position);
}
