import type { Condition, Reader } from "../../store/database/database.ts";
import { artifactsNamed } from "../fsck/artifacts_named.ts";
import type { Instance } from "../instance/instance.ts";
import { artifactsMeeting } from "../query/artifacts_meeting.ts";
import type { Registry } from "../registry/registry.ts";
import { trashBranch } from "../version/branch_ids.ts";

/** Which artifacts are meant; all without references and conditions. */
export interface Scope {
  /** As `fsck` takes them: a key stands for all its versions. */
  readonly references: readonly string[];
  /** As `list` takes them, for the latest versions and others. */
  readonly conditions: readonly string[];
  readonly registries: readonly Registry[];
}

/**
 * The condition on artifacts outside the trash whose bytes lie in storages that this instance does
 * not manage, and that a scope means. Throws code "not_found", "ambiguous" or "usage".
 */
export async function elsewhereIn(instance: Instance, scope: Scope): Promise<Condition> {
  const named = await artifactsNamed(instance, scope.references);
  const chosen = await instance.database.read((reader) => meeting(reader, scope));
  const place = liesElsewhere(instance);
  return {
    sql: `branch_id <> ${trashBranch} AND ${place.sql} AND (${named.sql}) AND (${chosen.sql})`,
    parameters: [...place.parameters, ...named.parameters, ...chosen.parameters],
  };
}

/** True of artifacts in storages that this instance does not manage. */
export function liesElsewhere({ database, managedStorageIds }: Instance): Condition {
  const managed = database.dialect.valuesOf(managedStorageIds);
  return { sql: `storage_id NOT IN (${managed.sql})`, parameters: managed.parameters };
}

/** The condition that artifacts are among those that meet conditions, on every branch. */
async function meeting(
  reader: Reader,
  { conditions, registries }: Pick<Scope, "conditions" | "registries">,
): Promise<Condition> {
  if (conditions.length === 0) return { sql: "TRUE", parameters: [] };
  const ids = await artifactsMeeting(reader, registries, conditions);
  const list = reader.dialect.valuesOf(ids);
  return { sql: `id IN (${list.sql})`, parameters: list.parameters };
}
