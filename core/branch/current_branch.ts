import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { branch } from "../registry/lamindb/branch.ts";
import type { BranchRecord } from "./find_branch.ts";

/**
 * The branch that is switched on in this work tree. Throws code "damaged" where there is not even
 * main.
 */
export async function currentBranch(instance: Instance, reader: Reader): Promise<BranchRecord> {
  const id = await currentBranchId(instance, reader);
  const [row] = await reader.select(branch, "id = ?", [id]);
  if (row !== undefined) return row;
  throw new LaminError("damaged", "the instance has no branch 'main'", {
    hint: "'lamin fsck' says what else is wrong",
  });
}
