import type { Reader } from "../../store/database/database.ts";
import { stemUid } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { staleOutputs } from "../lineage/stale.ts";
import { run } from "../registry/lamindb/run.ts";
import { type Recipe, recipeOf } from "./recipe.ts";
import type { RunAgain } from "./run_again.ts";

/**
 * How to do all runs again whose outputs are stale as the current branch sees them, with what is
 * current, in an order in which each comes after those whose outputs it reads. Throws what
 * `recipeOf` throws.
 */
export async function staleRecipes(instance: Instance, reader: Reader): Promise<Recipe[]> {
  const stale = await staleOutputs(reader, await currentBranchId(instance, reader));
  const ids = [...new Set(stale.map((one) => Number(one.run.id)))];
  const list = reader.dialect.valuesOf(ids);
  const rows = ids.length === 0
    ? []
    : await reader.select(run, `id IN (${list.sql})`, list.parameters);
  const byId = new Map(rows.map((row) => [Number(row.id), row]));
  const recipes: Recipe[] = [];
  for (const id of ids) {
    recipes.push(await recipeOf(instance, reader, byId.get(id)!, { latest: true }));
  }
  return recipes;
}

/** A recipe whose inputs are what came out of runs that were done again before, where it did. */
export function withMade(recipe: Recipe, done: readonly RunAgain[]): Recipe {
  const made = new Map(
    done.flatMap(({ verdicts }) => verdicts).flatMap(({ output, path }) =>
      path === undefined ? [] : [[stemUid(output.row.uid), path] as const]
    ),
  );
  return {
    ...recipe,
    inputs: recipe.inputs.map((input) => {
      const from = made.get(stemUid(input.row.uid));
      return from === undefined ? input : { ...input, from };
    }),
  };
}
