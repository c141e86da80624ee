import { selectArtifacts } from "../artifact/get/select.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { artifactsMeeting } from "../query/artifacts_meeting.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import type { Registry } from "../registry/registry.ts";
import { liesElsewhere } from "../verify/scope.ts";
import { trashBranch } from "../version/branch_ids.ts";

/** Which artifacts are to come home. */
export interface MaterializeScope {
  /** As `get` takes them: a key stands for its latest version. */
  readonly references: readonly string[];
  /** As `list` takes them. */
  readonly conditions: readonly string[];
  /** True for all versions of everything outside the trash. */
  readonly all: boolean;
  readonly registries: readonly Registry[];
}

export type ToMaterialize = Pick<ArtifactRow, "uid" | "key" | "size"> & {
  /** Root of the storage in which it lies. */
  readonly root: string;
};

/** Artifacts of which it was asked whether their bytes lie elsewhere. */
export interface Selection {
  readonly elsewhere: readonly ToMaterialize[];
  /** How many of those that were named are not read elsewhere. */
  readonly home: number;
}

/**
 * Those of a scope whose bytes lie in storages that this instance does not manage. Throws code
 * "not_found", "ambiguous" or "usage".
 */
export async function selectElsewhere(
  instance: Instance,
  scope: MaterializeScope,
): Promise<Selection> {
  const rows = await instance.database.read(async (reader) => {
    const place = liesElsewhere(instance);
    if (scope.all) {
      return await reader.select(
        artifact,
        `branch_id <> ${trashBranch} AND ${place.sql} ORDER BY id`,
        place.parameters,
      );
    }
    const named = await selectArtifacts(instance, reader, scope.references);
    const found = new Map(named.map(({ row }) => [row.id, row]));
    if (scope.conditions.length === 0) return [...found.values()];
    const ids = await artifactsMeeting(reader, scope.registries, scope.conditions);
    const list = reader.dialect.valuesOf(ids);
    const more = await reader.select(
      artifact,
      `id IN (${list.sql}) AND branch_id <> ${trashBranch} ORDER BY id`,
      list.parameters,
    );
    for (const row of more) found.set(row.id, row);
    return [...found.values()];
  });
  const managed = new Set(instance.managedStorageIds);
  const elsewhere = rows.filter(({ storage_id }) => !managed.has(storage_id));
  return {
    elsewhere: elsewhere.map(({ uid, key, size, storage_id }) => ({
      uid,
      key,
      size,
      root: instance.storages.get(storage_id)?.root ?? `storage ${storage_id}`,
    })),
    home: rows.length - elsewhere.length,
  };
}
