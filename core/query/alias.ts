import type { Registry } from "../registry/registry.ts";
import { qualifiedName } from "../registry/registry_set.ts";

/** Other names of fields, by model (COMPAT §8.1). */
const aliases: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "lamindb.Artifact": {
    transform: ["run", "transform"],
    feature_sets: ["schemas"],
    type: ["kind"],
  },
  "lamindb.Transform": { type: ["kind"] },
  "lamindb.Feature": { dtype: ["_dtype_str"], dtype_as_str: ["_dtype_str"] },
  "lamindb.Schema": { dtype: ["_dtype_str"] },
};

/**
 * States by model, as people name them, with the codes that rows hold (COMPAT §5.8, §6.2, §7.1).
 */
const statusCodes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "lamindb.Run": {
    scheduled: -3,
    restarted: -2,
    started: -1,
    completed: 0,
    errored: 1,
    aborted: 2,
  },
  "lamindb.Branch": { closed: -2, merged: -1, standalone: 0, draft: 1, review: 2 },
  "lamindb.Project": {
    planned: -3,
    "up-next": -2,
    active: -1,
    completed: 0,
    background: 1,
    paused: 2,
    canceled: 3,
    archived: 4,
  },
};

/** The states of a registry's records, if they have any. */
export function statusesOf(registry: Registry): Readonly<Record<string, number>> | undefined {
  return statusCodes[qualifiedName(registry)];
}

/** What people call the state with a code; the code itself when it has no name. */
export function statusName(registry: Registry, code: number): string {
  const found = Object.entries(statusesOf(registry) ?? {}).find(([, known]) => known === code);
  return found?.[0] ?? String(code);
}

/** The names that a registry's fields have besides their own, each with what it stands for. */
export function aliasesOf(registry: Registry): ReadonlyMap<string, readonly string[]> {
  const found = new Map(Object.entries(aliases[qualifiedName(registry)] ?? {}));
  if ("version_tag" in registry.columns) found.set("version", ["version_tag"]);
  if (statusesOf(registry) !== undefined) found.set("status", ["_status_code"]);
  if ("id" in registry.columns) found.set("pk", ["id"]);
  for (const name of found.keys()) if (name in registry.columns) found.delete(name);
  return found;
}
