import type { Instance } from "../../instance/instance.ts";
import type { RowSource } from "../rows/row_source.ts";
import type { SyncSide } from "./table_plan.ts";

/** Which storage of the target artifacts of a storage of the source go to. */
export interface StoragePlan {
  /** Storages of the source that do not come along, since their bytes go elsewhere. */
  readonly leftOut: ReadonlySet<string>;
  /** The id in the target, by what the storage is called at the source; the rest come along. */
  readonly idFor: (identity: string) => number | undefined;
}

/**
 * Bytes that the source manages go to the target's own storage, unless they are to be read where
 * they are; those in a storage that both manage stay there, as do those of others.
 */
export async function storagePlan(
  target: Instance,
  source: RowSource,
  side: SyncSide,
  zeroCopy: boolean,
): Promise<StoragePlan> {
  const managedThere = await source.managedStorages();
  const managedHere = await side.rows.managedStorages();
  const shared = [...managedThere].filter((identity) => managedHere.has(identity));
  if (zeroCopy) return { leftOut: new Set(), idFor: () => undefined };
  const leftOut = new Set([...managedThere].filter((identity) => !shared.includes(identity)));
  return {
    leftOut,
    idFor: (identity) => leftOut.has(identity) ? target.ownStorage.id : undefined,
  };
}
