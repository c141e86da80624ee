import { everybodysSpace } from "../instance/everybodys_space.ts";
import { timestamp } from "../../store/database/values.ts";
import { type ArtifactRow, storageKeyOf } from "../artifact/storage_key.ts";
import { noteContents } from "../fsck/repair/note_contents.ts";
import type { Instance, StorageRow } from "../instance/instance.ts";
import { currentBranchId, currentUserId } from "../instance/user.ts";
import type { Changes } from "../operation/changes.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { storage } from "../registry/lamindb/storage.ts";
import { plural } from "../text/quantity.ts";
import type { Verified } from "./verify.ts";

/**
 * Lets rows say where bytes are by now, and notes the SHA-256 of those that were read and found
 * right by another hash, as one operation. A storage that moved as a whole gets its new root.
 * Returns the uid of the operation; undefined where there was nothing to do.
 */
export async function updatePlaces(
  instance: Instance,
  operation: OperationName,
  verified: readonly Verified[],
): Promise<string | undefined> {
  const contents = verified.flatMap(({ content }) => content ?? []);
  const moved = verified.filter(({ movedTo }) => movedTo !== undefined);
  if (contents.length + moved.length === 0) return undefined;
  const hashing = await instance.host.hashing();
  const { operation: uid } = await mutate(instance, operation, async (changes) => {
    await noteContents(hashing, changes, contents);
    const places = new Places(instance, changes);
    let count = 0;
    for (const one of moved) if (await places.correct(one)) count++;
    const parts = [
      ...(count > 0 ? [`corrected the place of ${plural(count, "artifact")}`] : []),
      ...(contents.length > 0 ? [`noted ${plural(contents.length, "content")}`] : []),
    ];
    return { result: undefined, summary: parts.join(", ") || "nothing" };
  });
  return uid;
}

class Places {
  /** Ids of storages here, by uid. */
  readonly #ids = new Map<string, number>();

  constructor(private readonly instance: Instance, private readonly changes: Changes) {}

  /** False for an artifact that changed since it was looked at. */
  async correct({ row, movedTo }: Verified): Promise<boolean> {
    const { changes } = this;
    const [now] = await changes.reader.select(artifact, "id = ?", [row.id]);
    if (now === undefined || !isAsBefore(now, row)) return false;
    const storageId = await this.#storage(movedTo!.storage);
    const isNamed = storageKeyOf(now) === movedTo!.name;
    await changes.update(artifact, [now], {
      storage_id: storageId,
      ...(isNamed ? {} : { _real_key: movedTo!.name, _overwrite_versions: false }),
    });
    return true;
  }

  async #storage(there: StorageRow): Promise<number> {
    const known = this.#ids.get(there.uid);
    if (known !== undefined) return known;
    const [here] = await this.changes.reader.select(storage, "uid = ?", [there.uid]);
    const id = here === undefined ? await this.#insert(there) : here.id;
    const isManaged = here !== undefined && this.instance.managedStorageIds.includes(here.id);
    if (here !== undefined && !isManaged) {
      await this.changes.update(storage, [here], { root: there.root });
    }
    this.#ids.set(there.uid, id);
    return id;
  }

  async #insert({ id: _, ...there }: StorageRow): Promise<number> {
    const { host } = this.instance;
    const branch = await currentBranchId(this.instance, this.changes.reader);
    const now = timestamp(host.now());
    const [id] = await this.changes.insert(storage, [{
      ...there,
      created_by_id: await currentUserId(this.instance, this.changes),
      created_at: now,
      updated_at: now,
      branch_id: branch,
      created_on_id: branch,
      space_id: everybodysSpace,
      run_id: null,
    }]);
    return id!;
  }
}

function isAsBefore(now: ArtifactRow, row: ArtifactRow): boolean {
  return now.hash === row.hash && now.storage_id === row.storage_id &&
    storageKeyOf(now) === storageKeyOf(row);
}
