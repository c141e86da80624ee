import { writeBranchFile } from "../instance/branch_file.ts";
import type { Instance } from "../instance/instance.ts";
import { type BranchRecord, findBranch } from "./find_branch.ts";
import { requireWorkedOn } from "./standing.ts";

/**
 * Switches to a branch in this work tree: new records go there from now on. Files and rows stay as
 * they are. Throws code "not_found", "usage" for the trash and the archive.
 */
export async function switchBranch(instance: Instance, nameOrUid: string): Promise<BranchRecord> {
  const row = await instance.database.read((reader) => findBranch(reader, nameOrUid));
  requireWorkedOn(row);
  writeBranchFile(instance, row);
  return row;
}
