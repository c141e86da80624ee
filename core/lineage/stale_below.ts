import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { scopeOf } from "../status/scope.ts";
import { type StaleOutput, staleOutputs } from "./stale.ts";

/**
 * The stale outputs as the current branch sees them, in the order to make them anew; with paths,
 * those whose keys are these or lie below them. Throws code "usage" for a path outside the work
 * tree.
 */
export async function staleBelow(
  instance: Instance,
  paths: readonly string[],
): Promise<StaleOutput[]> {
  const scope = scopeOf(instance, paths, new Map());
  const stale = await instance.database.read(async (reader) =>
    await staleOutputs(reader, await currentBranchId(instance, reader))
  );
  return stale.filter(({ output: { key } }) => scope.includes(key ?? "") || paths.length === 0);
}
