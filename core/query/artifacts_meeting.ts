import type { Reader } from "../../store/database/database.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import type { Registry } from "../registry/registry.ts";
import { RegistrySet } from "../registry/registry_set.ts";
import { parseLookup } from "./lookup.ts";
import { compileQuery, findRows } from "./query.ts";

/**
 * Ids of the artifacts that meet conditions, as `list` takes them: all versions on the branches,
 * also those that LaminDB keeps for itself. Throws code "usage".
 */
export async function artifactsMeeting(
  reader: Reader,
  registries: readonly Registry[],
  conditions: readonly string[],
  branches: readonly number[] | "all" = "all",
): Promise<number[]> {
  const query = await compileQuery(reader, new RegistrySet(registries), artifact, {
    lookups: conditions.map(parseLookup),
    branches,
    allVersions: true,
    hidden: true,
    order: [],
  });
  return (await findRows(reader, query)).map(({ id }) => Number(id));
}
