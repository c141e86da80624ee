import { openInstance } from "../core/instance/open.ts";
import { compareCopies, isDifferent } from "../core/operation/compare/compare.ts";
import type { Context } from "./context.ts";
import { allRegistries } from "./modules.ts";
import { comparisonJson, renderComparison } from "./render/comparison.ts";

/**
 * Compares the instance with a copy of it in another folder, which is opened for reading only, and
 * prints what they are to each other; gives whether they differ.
 */
export async function compareWith(
  context: Context,
  path: string,
  limit: number,
): Promise<boolean> {
  const instance = await context.instance({ readOnly: true });
  const other = await openInstance(context.host, {
    loadRemotes: () => context.remotes(),
    wanted: path,
    readOnly: true,
    isForeign: true,
    loadRegistries: () => Promise.resolve(allRegistries()),
  });
  try {
    const comparison = await compareCopies(instance, other, {
      registries: allRegistries(),
      limit,
    });
    const { output } = context;
    const isSilent = output.quiet && output.mode === "human";
    if (!isSilent) {
      output.result(comparisonJson(comparison), () => renderComparison(comparison, output));
    }
    return isDifferent(comparison);
  } finally {
    await other.close();
  }
}
