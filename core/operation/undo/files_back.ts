import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import { trashBranch } from "../../version/branch_ids.ts";
import { type FileMove, fileMoves, isInPlace } from "../../artifact/move/file_moves.ts";
import type { MovedArtifact } from "../../artifact/move/move.ts";
import type { NewKey } from "../../artifact/move/new_keys.ts";
import type { ArtifactRow } from "../../artifact/storage_key.ts";
import { parseRelativePath, type RelativePath } from "../../identity/key.ts";
import { stemUid } from "../../identity/uid.ts";
import type { Instance } from "../../instance/instance.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import type { TableReversal } from "./reversal.ts";

/** Files that go along when artifacts get former keys back. */
export interface FilesBack {
  readonly moves: readonly FileMove[];
  /** The artifacts that they belong to. */
  readonly moved: readonly MovedArtifact[];
}

/**
 * The files of the work tree, and bytes that were registered in place, that an undo has to move
 * since it gives artifacts in use the keys that they had. Throws code "conflict" when something is
 * in the way.
 */
export async function filesBack(
  instance: Instance,
  reader: Reader,
  reversal: readonly TableReversal[],
): Promise<FilesBack> {
  const table = reversal.find(({ registry }) => registry.name === artifact.name);
  const keys = (table?.change ?? []).flatMap(({ id, before }): NewKey[] => {
    const row = table!.present.get(id) as ArtifactRow | undefined;
    const key = pathOf(before["key"]);
    return row === undefined || key === undefined || key === row.key ? [] : [{ row, key }];
  });
  const moves: FileMove[] = [];
  const moved: MovedArtifact[] = [];
  for (const own of Map.groupBy(keys, ({ row }) => stemUid(row.uid)).values()) {
    const { row: head, key } = own.find(({ row }) => isHead(row)) ?? own.at(-1)!;
    const then = table!.change.find(({ id }) => id === head.id)?.before["branch_id"];
    const isInUse = head.branch_id !== trashBranch && then !== trashBranch;
    if (!isInUse || !(own.some(({ row }) => isInPlace(row)) || isHere(instance, head))) continue;
    const plan = await fileMoves(instance, reader, own, head);
    moves.push(...plan.moves);
    moved.push({
      row: { ...head, key },
      from: head.key,
      versions: own.length,
      file: plan.state,
    });
  }
  return { moves, moved };
}

function isHead({ is_latest, branch_id }: ArtifactRow): boolean {
  return is_latest && branch_id !== trashBranch;
}

/** Whether there is a file or folder at the key of an artifact. */
function isHere(instance: Instance, { key }: ArtifactRow): boolean {
  const path = pathOf(key);
  return path !== undefined && instance.workTree.stat(path) !== null;
}

/** A key as a path that may be written; undefined when it is none. */
function pathOf(key: unknown): RelativePath | undefined {
  if (typeof key !== "string") return undefined;
  try {
    return parseRelativePath(key);
  } catch (error) {
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}
