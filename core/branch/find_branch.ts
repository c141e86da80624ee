import type { Reader } from "../../store/database/database.ts";
import type { RowOf } from "../../store/database/table.ts";
import { LaminError } from "../../store/errors.ts";
import { branch } from "../registry/lamindb/branch.ts";
import { nearest } from "../text/nearest.ts";

/** A row of LaminDB's table of branches. */
export type BranchRecord = RowOf<typeof branch>;

/**
 * The branch with this name, whatever the case, or this uid. Throws code "not_found" with the
 * nearest names.
 */
export async function findBranch(reader: Reader, nameOrUid: string): Promise<BranchRecord> {
  const rows = await reader.select(branch);
  const wanted = nameOrUid.toLowerCase();
  const found = rows.find(({ name }) => name === nameOrUid) ??
    rows.find(({ uid, name }) => uid === nameOrUid || name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const near = nearest(nameOrUid, rows.map((row) => row.name));
  throw new LaminError("not_found", `there is no branch '${nameOrUid}'`, {
    hint: near.length > 0
      ? `did you mean '${near[0]}'?`
      : `branches: ${rows.map((row) => row.name).join(", ")}`,
    data: { branch: nameOrUid },
  });
}
