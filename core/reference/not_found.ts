import { LaminError } from "../../store/errors.ts";
import type { Reader } from "../../store/database/database.ts";
import { basename } from "../../store/path.ts";
import { trashBranch } from "../version/branch_ids.ts";
import { nearest } from "../text/nearest.ts";
import { formerKeyHint } from "./former_key.ts";
import type { ReferenceScope } from "./resolve.ts";

/** How many keys are compared for a suggestion; more would take longer than it is worth. */
const comparedMax = 20_000;

/** The failure for a reference that means nothing, with where it is instead or the nearest keys. */
export async function notFound(
  reader: Reader,
  reference: string,
  scope: ReferenceScope,
): Promise<LaminError> {
  const isInScope = scope === "all"
    ? "TRUE"
    : `branch_id ${scope === "trash" ? "=" : "<>"} ${trashBranch}`;
  const where = scope === "trash" ? " in the trash" : "";
  return new LaminError("not_found", `there is no artifact '${reference}'${where}`, {
    hint: await isTrashed(reader, reference, scope)
      ? `it is in the trash: 'lamin restore ${reference}' brings it back`
      : await formerKeyHint(reader, reference) ??
        await nearestKeys(reader, reference, isInScope) ?? whatIsThere(scope),
    data: { reference },
  });
}

async function isTrashed(
  reader: Reader,
  reference: string,
  scope: ReferenceScope,
): Promise<boolean> {
  if (scope !== "live") return false;
  const sql =
    `SELECT 1 AS found FROM lamindb_artifact WHERE key = ? AND branch_id = ${trashBranch}`;
  return await reader.first(sql, [reference]) !== undefined;
}

function whatIsThere(scope: ReferenceScope): string {
  const trash = scope === "trash" ? " --trash" : "";
  return `'lamin list artifact${trash}' shows what is there`;
}

async function nearestKeys(
  reader: Reader,
  reference: string,
  condition: string,
): Promise<string | undefined> {
  const rows = await reader.all<{ key: string }>(
    `SELECT DISTINCT key FROM lamindb_artifact WHERE key IS NOT NULL AND ${condition}
     ORDER BY ${reader.dialect.textOrder("key")} LIMIT ${comparedMax}`,
  );
  const keys = rows.map((row) => row.key);
  const sameName = keys.filter((key) => basename(key) === basename(reference)).slice(0, 3);
  const near = sameName.length > 0 ? sameName : nearest(reference, keys);
  return near.length > 0
    ? `did you mean ${near.map((key) => `'${key}'`).join(" or ")}?`
    : undefined;
}
