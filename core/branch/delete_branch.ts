import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Instance } from "../instance/instance.ts";
import { currentBranchId } from "../instance/user.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { branch } from "../registry/lamindb/branch.ts";
import type { Registry } from "../registry/registry.ts";
import { plural, snakeCase } from "../registry/words.ts";
import { deletionOf } from "../trash/dependants.ts";
import { countsByBranch } from "./counts.ts";
import { type BranchRecord, findBranch } from "./find_branch.ts";
import { requireOwn } from "./standing.ts";

/**
 * Deletes a branch on which nothing lies and of which no record says that it was made on it, with
 * the texts and labels that are about it, as one operation. LaminDB keeps the others for good, so
 * that one can tell where a record was made.
 *
 * Throws code "not_found", "usage" for main, archive and trash, "conflict" for one that is current
 * or in use.
 */
export async function deleteBranch(
  instance: Instance,
  operation: OperationName,
  nameOrUid: string,
  registries: readonly Registry[],
): Promise<BranchRecord> {
  const { result } = await mutate(instance, operation, async (changes) => {
    const { reader } = changes;
    const row = await findBranch(reader, nameOrUid);
    requireOwn(row, "deleted");
    if (row.id === await currentBranchId(instance, reader)) {
      throw new LaminError("conflict", `${row.name} is the current branch`, {
        hint: "'lamin switch main' first",
        data: { branch: row.name },
      });
    }
    await requireUnused(reader, row, registries);
    const { deleted, cleared } = await deletionOf(reader, registries, branch, [row]);
    for (const { registry, column, rows } of cleared) {
      await changes.update(registry, rows, { [column]: null });
    }
    for (const [registry, rows] of [...deleted].reverse()) await changes.delete(registry, rows);
    return { result: row, summary: `delete the branch ${row.name}` };
  });
  return result;
}

async function requireUnused(
  reader: Reader,
  row: BranchRecord,
  registries: readonly Registry[],
): Promise<void> {
  const on = (await countsByBranch(reader, registries)).get(row.id);
  if (on !== undefined) {
    throw new LaminError("conflict", `on ${row.name} there are ${inWords(on)}`, {
      hint: `'lamin merge ${row.name}' takes them to the current branch`,
      data: { branch: row.name },
    });
  }
  const from = (await countsByBranch(reader, registries, "created_on_id")).get(row.id);
  if (from === undefined) return;
  throw new LaminError("conflict", `${inWords(from)} remember that they were made on ${row.name}`, {
    hint: "it stays, as in LaminDB; 'lamin branch NAME --status closed' says that it is done with",
    data: { branch: row.name },
  });
}

/** `2 artifacts, 1 run` */
function inWords(counts: ReadonlyMap<Registry, number>): string {
  return [...counts].map(([{ model }, count]) => {
    const word = snakeCase(model);
    return `${count} ${count === 1 ? word : plural(word)}`;
  }).join(", ");
}
