import type { Instance, StorageRow } from "../instance/instance.ts";

/**
 * What a storage is to an instance: `own` where it was made, `managed` where it writes as well,
 * `foreign` where another instance does, `unmanaged` where none does.
 */
export type StorageRole = "own" | "managed" | "foreign" | "unmanaged";

export function roleOf(instance: Instance, row: StorageRow): StorageRole {
  if (row.id === instance.ownStorage.id) return "own";
  if (row.instance_uid === null) return "unmanaged";
  return row.instance_uid === instance.ownStorage.instance_uid ? "managed" : "foreign";
}
