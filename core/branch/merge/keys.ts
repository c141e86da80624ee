import type { Reader } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import { stemUid } from "../../identity/uid.ts";
import type { Registry } from "../../registry/registry.ts";
import { type BranchRow, branchRows } from "../../version/family.ts";

/** Two things with one key on the target after a merge: both stay, and a key means the newer. */
export interface KeyConflict {
  readonly registry: Registry;
  readonly key: string;
  readonly into: BranchRow;
  readonly from: BranchRow;
}

/**
 * Keys that latest versions of other families have on the target of a merge: made on each branch by
 * itself, they do not become versions of one thing.
 */
export async function keyConflicts(
  reader: Reader,
  registry: Registry,
  coming: readonly BranchRow[],
  target: number,
): Promise<KeyConflict[]> {
  if (registry.nameField !== "key") return [];
  const heads = coming.filter((row) => row.is_latest && typeof row["key"] === "string");
  const list = reader.dialect.valuesOf([...new Set(heads.map((row) => row["key"] as string))]);
  const there = Map.groupBy(
    await branchRows(
      reader,
      registry,
      `${quote("key")} IN (${list.sql}) AND branch_id = ? AND is_latest ORDER BY id`,
      [...list.parameters, target],
    ),
    (row) => row["key"],
  );
  return heads.flatMap((from) => {
    const into = there.get(from["key"])?.find(({ uid }) => stemUid(uid) !== stemUid(from.uid));
    return into === undefined ? [] : [{ registry, key: from["key"] as string, into, from }];
  });
}
