import type { Reader } from "../../store/database/database.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { branch } from "../registry/lamindb/branch.ts";
import type { Registry } from "../registry/registry.ts";
import { countsByBranch } from "./counts.ts";
import type { BranchRecord } from "./find_branch.ts";

/** A branch, and what lies on it. */
export interface ListedBranch {
  readonly row: BranchRecord;
  readonly isCurrent: boolean;
  /** Versions of artifacts that lie on it. */
  readonly artifacts: number;
  /** Records of all registries that lie on it, artifacts included. */
  readonly records: number;
}

/** All branches: main, those that people made in their order, the archive and the trash. */
export async function listBranches(
  instance: Instance,
  reader: Reader,
  registries: readonly Registry[],
): Promise<ListedBranch[]> {
  const rows = await reader.select(branch);
  const current = await currentBranchId(instance, reader);
  const counts = await countsByBranch(reader, registries);
  const place = ({ id }: BranchRecord) => id > 0 ? id : Infinity;
  return rows.sort((a, b) => place(a) - place(b) || b.id - a.id).map((row) => {
    const own = [...counts.get(row.id) ?? []];
    return {
      row,
      isCurrent: row.id === current,
      artifacts: own.find(([{ name }]) => name === artifact.name)?.[1] ?? 0,
      records: own.reduce((sum, [, count]) => sum + count, 0),
    };
  });
}
