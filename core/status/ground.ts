import {
  type IndexedFiles,
  type Mark,
  markOf,
  nothingIndexed,
} from "../../store/work_index/indexed_files.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import type { Scope } from "./scope.ts";
import { SettledFiles } from "./settled.ts";
import { type TrackedArtifact, trackedArtifacts } from "./tracked.ts";

/** What a comparison stands on: what is recorded, and which of it is settled already. */
export interface Ground {
  /** Name of the branch. */
  readonly branch: string;
  readonly branchId: number;
  /** The mark of the index that holds for the database as it is; undefined when none does. */
  readonly mark: Mark | undefined;
  /** Files known to be as recorded; none without a mark. */
  readonly settled: SettledFiles;
  /** Artifacts by path; with a mark, only those that it says nothing about. */
  readonly tracked: ReadonlyMap<string, TrackedArtifact>;
  /**
   * All artifacts of a scope that are not settled, by path. To be asked once the files were looked
   * at.
   */
  complete(scope: Scope): Promise<ReadonlyMap<string, TrackedArtifact>>;
}

/**
 * Reads what is recorded, or only the part of it that the index does not know. `stamp` is that of
 * the database, taken before this.
 */
export async function groundOf(
  instance: Instance,
  indexed: IndexedFiles,
  stamp: string | undefined,
): Promise<Ground> {
  return await instance.database.read(async (reader) => {
    const branchId = await currentBranchId(instance, reader);
    const row = await reader.first<{ name: string }>(
      "SELECT name FROM lamindb_branch WHERE id = ?",
      [branchId],
    );
    const mark = markOf(indexed.mark, stamp, branchId);
    const settled = new SettledFiles(mark === undefined ? nothingIndexed : indexed);
    const tracked = await trackedArtifacts(instance, reader, branchId, mark?.others);
    const branch = row?.name ?? "main";
    const complete = async (scope: Scope) => {
      const ids = settled.unsettled(scope);
      if (ids.length === 0) return tracked;
      const others = await instance.database.read((reader) =>
        trackedArtifacts(instance, reader, branchId, ids)
      );
      return new Map([...tracked, ...others]);
    };
    return { branch, branchId, mark, settled, tracked, complete };
  });
}
