import { everybodysSpace } from "../instance/everybodys_space.ts";
import { timestamp } from "../../store/database/values.ts";
import { randomBase62 } from "../identity/base62.ts";
import type { Instance } from "../instance/instance.ts";
import { currentUserId } from "../instance/user.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { branch } from "../registry/lamindb/branch.ts";
import { requireFreeName } from "./branch_name.ts";
import type { BranchRecord } from "./find_branch.ts";

/** Makes a branch, as one operation. Throws code "usage" or "conflict" for its name. */
export async function createBranch(
  instance: Instance,
  operation: OperationName,
  name: string,
): Promise<BranchRecord> {
  const { result } = await mutate(instance, operation, async (changes) => {
    await requireFreeName(changes.reader, name);
    const [id] = await changes.insert(branch, [{
      uid: randomBase62(instance.host, 12),
      name,
      description: null,
      space_id: everybodysSpace,
      created_at: timestamp(instance.host.now()),
      created_by_id: await currentUserId(instance, changes),
      _status_code: 0,
      _aux: null,
    }]);
    const [row] = await changes.reader.select(branch, "id = ?", [id!]);
    return { result: row!, summary: `create the branch ${name}` };
  });
  return result;
}
