import { everybodysSpace } from "../instance/everybodys_space.ts";
import { timestamp } from "../../store/database/values.ts";
import { LaminError } from "../../store/errors.ts";
import { isAbsolute } from "../../store/path.ts";
import type { BlobStore } from "../../store/objects/blob_store.ts";
import { randomBase62 } from "../identity/base62.ts";
import { identityOf, type InstanceIdentity } from "../instance/identity.ts";
import type { Instance, StorageRow } from "../instance/instance.ts";
import { markText } from "../instance/mark.ts";
import { noteNamedByUser } from "../instance/reach.ts";
import { isRootBelow } from "../instance/remote_root.ts";
import { currentBranchId, currentUserId } from "../instance/user.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { storage } from "../registry/lamindb/storage.ts";
import { roleOf, type StorageRole } from "./role.ts";
import { canBeWritten, storageRoot, storageType } from "./storage_root.ts";
import { readMarkIn, writeMarkIn } from "./stored_mark.ts";

export interface AddStorageRequest {
  /** A folder, or the URL of a bucket or server. */
  readonly root: string;
  readonly operation: OperationName;
  /** Opens the store at a root. */
  readonly openStore: (root: string) => BlobStore;
}

export interface AddedStorage {
  readonly row: StorageRow;
  readonly role: StorageRole;
  /** False when the instance had it already. */
  readonly isNew: boolean;
  /** Why nothing can be written there, where it cannot. */
  readonly refusal: LaminError | undefined;
}

/** Who manages a storage, by its mark. */
interface Owner {
  readonly uid: string;
  readonly instanceUid: string | null;
  readonly refusal: LaminError | undefined;
}

/**
 * Makes a storage known to an instance, as Python's `ln.Storage(root).save()` does (COMPAT §5.7):
 * without a mark it becomes this instance's, and gets one; with another instance's mark, or without
 * the right to write, its data can be registered and read. The user, who named it, allows with that
 * to ask its server from now on.
 *
 * Throws code "usage" or "not_found" for what can be no storage, "conflict" for one that lies in
 * another one of this instance.
 */
export async function addStorage(
  instance: Instance,
  request: AddStorageRequest,
): Promise<AddedStorage> {
  instance.requireWritable();
  const root = storageRoot(instance.host, request.root);
  const known = [...instance.storages.values()].find((row) => row.root === root);
  if (!isAbsolute(root)) noteNamedByUser(instance.host, root);
  if (known !== undefined) {
    return { row: known, role: roleOf(instance, known), isNew: false, refusal: undefined };
  }
  refuseNested(instance, root);
  const owner = await ownerOf(instance, root, request.openStore(root));
  const row = await insert(instance, root, owner, request.operation);
  return { row, role: roleOf(instance, row), isNew: true, refusal: owner.refusal };
}

/** Two managed storages one in the other would hold the same bytes under two roots. */
function refuseNested(instance: Instance, root: string): void {
  const managed = new Set(instance.managedStorageIds);
  const others = [...instance.storages.values()].filter(({ id }) => managed.has(id));
  const other = others.find((row) => isRootBelow(row.root, root) || isRootBelow(root, row.root));
  if (other === undefined) return;
  throw new LaminError("conflict", `${root} and the storage ${other.root} lie in each other`, {
    hint: "choose a folder beside it",
    data: { root, other: other.root },
  });
}

async function ownerOf(instance: Instance, root: string, blobs: BlobStore): Promise<Owner> {
  const identity = await identityOf(instance);
  const uid = randomBase62(instance.host, 12);
  if (!canBeWritten(root)) return { uid, instanceUid: null, refusal: undefined };
  const there = await readMarkIn(blobs);
  if (there?.storageUid !== undefined) return markedBy(there.storageUid, there.instanceUid);
  try {
    const mark = await writeMarkIn(blobs, textOf(identity, uid));
    return markedBy(mark.storageUid ?? uid, mark.instanceUid);
  } catch (error) {
    if (!(error instanceof LaminError && error.code === "denied")) throw error;
    return { uid, instanceUid: null, refusal: error };
  }
}

/** As Python has it, a mark that does not say whose it is stands for an instance not known. */
function markedBy(uid: string, instanceUid = "__unknown__"): Owner {
  return { uid, instanceUid: instanceUid.slice(0, 12), refusal: undefined };
}

function textOf({ owner, name, id, uid: instanceUid }: InstanceIdentity, uid: string): string {
  return markText({ storageUid: uid, slug: `${owner}/${name}`, instanceId: id, instanceUid });
}

async function insert(
  instance: Instance,
  root: string,
  { uid, instanceUid }: Owner,
  operation: OperationName,
): Promise<StorageRow> {
  const { result } = await mutate(instance, operation, async (changes) => {
    const now = timestamp(instance.host.now());
    const branch = await currentBranchId(instance, changes.reader);
    const [id] = await changes.insert(storage, [{
      ...emptyRow,
      uid,
      root,
      type: storageType(root),
      instance_uid: instanceUid,
      created_by_id: await currentUserId(instance, changes),
      created_at: now,
      updated_at: now,
      branch_id: branch,
      created_on_id: branch,
      space_id: everybodysSpace,
      is_locked: false,
    }]);
    const [row] = await changes.reader.select(storage, "id = ?", [id!]);
    return { result: row!, summary: `add the storage ${root}` };
  });
  return result;
}

const emptyRow = Object.fromEntries(
  Object.keys(storage.columns).filter((name) => name !== "id").map((name) => [name, null]),
) as unknown as Omit<StorageRow, "id">;
