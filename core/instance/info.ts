import { shownAddress } from "../../store/database/address.ts";
import type { Reader } from "../../store/database/database.ts";
import { trashBranch } from "../version/branch_ids.ts";
import { arrivedRows } from "../artifact/arrived_rows.ts";
import { awaitedAmong } from "../artifact/not_fetched.ts";
import type { Module } from "../module.ts";
import { branch } from "../registry/lamindb/branch.ts";
import { laminObject } from "../side_tables.ts";
import { type Lease, leasesOf } from "../sync/lease/leases.ts";
import { enabledModules } from "./enabled_modules.ts";
import { identityOf, type InstanceIdentity } from "./identity.ts";
import type { Instance, StorageRow } from "./instance.ts";
import { type OtherCopy, otherCopy } from "./other_copy.ts";
import { currentBranchId } from "./user.ts";

/** How much an instance holds. Sizes are in bytes. */
export interface InstanceCounts {
  /** Artifacts outside the trash, whatever their number of versions. */
  readonly artifacts: number;
  readonly versions: number;
  readonly trashed: number;
  /** Of all versions, those in the trash included, as if each was stored on its own. */
  readonly bytes: number;
  /** Contents in the content-addressed store; what only Python wrote lies beside it. */
  readonly objects: number;
  readonly objectBytes: number;
  /** Versions outside the trash that came from elsewhere and have no bytes that are noted. */
  readonly notFetched: number;
  readonly notFetchedBytes: number;
}

/** What `lamin info` tells. */
export interface InstanceInfo {
  readonly identity: InstanceIdentity;
  /** Its file, or its address without a password. */
  readonly database: { path: string; size: number; journalMode: string | null };
  readonly modules: readonly string[];
  readonly storages: readonly StorageRow[];
  readonly branch: string;
  readonly counts: InstanceCounts;
  /** The settings file by which Python finds the instance; undefined when it does not. */
  readonly pythonSettings: string | undefined;
  /** Who reads what lies here, as far as is known. */
  readonly leases: readonly Lease[];
  /** Another folder that holds the very same instance. */
  readonly otherCopy: OtherCopy | undefined;
}

/** Gathers what is to be said about an instance, in a fixed number of queries. */
export async function instanceInfo(
  instance: Instance,
  knownModules: readonly Module[],
): Promise<InstanceInfo> {
  const identity = await identityOf(instance);
  const { root } = instance.location;
  return await instance.database.read(async (reader) => {
    const branchId = await currentBranchId(instance, reader);
    const [current] = await reader.select(branch, "id = ?", [branchId]);
    const known = instance.settings.instance(identity.owner, identity.name);
    return {
      identity,
      database: await databaseInfo(instance, reader),
      modules: await enabledModules(instance, reader, knownModules),
      storages: [...instance.storages.values()],
      branch: current?.name ?? "main",
      counts: await countsOf(instance, reader),
      pythonSettings: known?.storageRoot === root && known.id === identity.id
        ? instance.settings.fileOf(known)
        : undefined,
      leases: await leasesOf(reader),
      otherCopy: otherCopy(instance, identity),
    };
  });
}

async function databaseInfo(
  { host, location: { database } }: Instance,
  reader: Reader,
): Promise<InstanceInfo["database"]> {
  const path = shownAddress(database);
  if (database.kind === "postgres") {
    const sql = "SELECT pg_database_size(current_database()) AS size";
    const row = await reader.first<{ size: number }>(sql);
    return { path, size: Number(row?.size ?? 0), journalMode: null };
  }
  const row = await reader.first<{ journal_mode: string }>("PRAGMA journal_mode");
  if (database.kind === "bucket") {
    const sql = "SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size";
    const { size } = (await reader.first<{ size: number }>(sql))!;
    return { path, size, journalMode: row?.journal_mode ?? null };
  }
  const size = host.files.stat(path)?.size ?? 0;
  return { path, size, journalMode: row?.journal_mode ?? null };
}

async function countsOf(instance: Instance, reader: Reader): Promise<InstanceCounts> {
  const row = await reader.first<Record<"artifacts" | "versions" | "trashed" | "bytes", number>>(
    `SELECT count(DISTINCT CASE WHEN branch_id <> ? THEN substr(uid, 1, 16) END) AS artifacts,
       count(CASE WHEN branch_id <> ? THEN 1 END) AS versions,
       count(CASE WHEN branch_id = ? THEN 1 END) AS trashed,
       coalesce(sum(size), 0) AS bytes
     FROM lamindb_artifact`,
    [trashBranch, trashBranch, trashBranch],
  );
  const objects = await instance.hasSideTables(reader)
    ? await reader.first<{ objects: number; bytes: number }>(
      `SELECT count(*) AS objects, coalesce(sum(size), 0) AS bytes FROM ${laminObject.name}`,
    )
    : undefined;
  return {
    ...row!,
    objects: objects?.objects ?? 0,
    objectBytes: objects?.bytes ?? 0,
    ...await notFetchedCounts(instance, reader),
  };
}

async function notFetchedCounts(
  instance: Instance,
  reader: Reader,
): Promise<Pick<InstanceCounts, "notFetched" | "notFetchedBytes">> {
  let [notFetched, notFetchedBytes] = [0, 0];
  for await (const rows of arrivedRows(instance, (work) => work(reader), "all")) {
    const awaited = await awaitedAmong(instance, reader, rows);
    for (const { id, size } of rows) {
      if (!awaited.has(id)) continue;
      notFetched++;
      notFetchedBytes += size ?? 0;
    }
  }
  return { notFetched, notFetchedBytes };
}
