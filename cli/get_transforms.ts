import { destinationOf } from "../core/artifact/get/destination.ts";
import type { Instance } from "../core/instance/instance.ts";
import { currentBranchId } from "../core/instance/user.ts";
import { resolveRecord } from "../core/reference/resolve_record.ts";
import { transform } from "../core/registry/lamindb/transform.ts";
import { getSource, sourcePath, type TransformRow } from "../core/transform/get_source.ts";
import type { Context } from "./context.ts";
import { exitCode } from "./exit.ts";
import { seenFrom } from "./seen_from.ts";
import type { GetFlags } from "./verb/get.ts";

/** Writes the source code of transforms; returns the exit code. */
export async function getTransforms(
  context: Context,
  instance: Instance,
  flags: GetFlags,
  references: readonly string[],
): Promise<number> {
  const rows = await instance.database.read(async (reader) => {
    const branch = await currentBranchId(instance, reader);
    const found: TransformRow[] = [];
    for (const reference of references) {
      const row = await resolveRecord(reader, transform, reference, branch);
      found.push(row as unknown as TransformRow);
    }
    return found;
  });
  const { tree, pathOf } = destinationOf(instance, flags.to, references.length > 1);
  const { output } = context;
  output.requireFields(["status", "path", "why", "uid", "key"]);
  let isComplete = true;
  for (const row of rows) {
    const named = { key: sourcePath(row), uid: row.uid, description: null, suffix: "" };
    const path = pathOf({ row: named, prefix: undefined });
    const { status, why } = await getSource(instance, {
      row,
      tree,
      path,
      force: flags.force ?? false,
      dryRun: flags.dryRun ?? false,
    });
    const name = seenFrom(context.host, tree.root)(path);
    const value = { status, path: name, why: why ?? null, uid: row.uid, key: row.key };
    output.result(value, () => `  ${status.padEnd(9)} ${output.safe(name)} ${row.uid}`);
    if (why !== undefined) {
      output.warn(`skipped: ${output.safe(name)}: ${why} (--force replaces it)`);
    }
    isComplete &&= why === undefined;
  }
  return isComplete ? exitCode.ok : exitCode.failed;
}
