import { LaminError } from "../../store/errors.ts";
import { timestamp } from "../../store/database/values.ts";
import type { Reader } from "../../store/database/database.ts";
import { findBranch } from "../branch/find_branch.ts";
import type { Changes } from "../operation/changes.ts";
import { branch } from "../registry/lamindb/branch.ts";
import { user } from "../registry/lamindb/user.ts";
import { mainBranch } from "../version/branch_ids.ts";
import { readBranchFile } from "./branch_file.ts";
import type { Instance } from "./instance.ts";

/**
 * Id of the row of the person who works; made when it is missing, as Python does on the first
 * write.
 */
export async function currentUserId(instance: Instance, changes: Changes): Promise<number> {
  const { uid, handle, name } = instance.user;
  const [row] = await changes.reader.select(user, "uid = ?", [uid]);
  if (row !== undefined) return row.id;
  await requireFreeHandle(changes.reader, handle);
  const now = timestamp(instance.host.now());
  const [id] = await changes.insert(user, [{
    uid,
    handle,
    name,
    created_at: now,
    updated_at: now,
  }]);
  return id!;
}

/** Handles are unique in an instance, and one person's may have been another's. */
async function requireFreeHandle(reader: Reader, handle: string): Promise<void> {
  const [other] = await reader.select(user, "handle = ?", [handle]);
  if (other === undefined) return;
  throw new LaminError("conflict", `the user '${handle}' of this instance has another uid`, {
    hint: `log in as the user with the uid ${other.uid}, or give that one another handle`,
    data: { handle, uid: other.uid },
  });
}

/** Id of the branch with this name or uid. Throws as {@link findBranch}. */
export async function branchId(reader: Reader, nameOrUid: string): Promise<number> {
  return (await findBranch(reader, nameOrUid)).id;
}

/**
 * Id of the branch that is switched on in this work tree, main (1) unless Python or lamin switched.
 */
export async function currentBranchId(instance: Instance, reader: Reader): Promise<number> {
  const uid = readBranchFile(instance);
  if (uid === undefined) return mainBranch;
  const [row] = await reader.select(branch, "uid = ?", [uid]);
  return row?.id ?? mainBranch;
}
