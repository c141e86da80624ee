import type { Reader } from "../../../store/database/database.ts";
import { branch } from "../../registry/lamindb/branch.ts";
import { familiesLedger } from "../plan/families.ts";
import type { SyncPlan } from "../plan/sync_plan.ts";
import type { TablePlan } from "../plan/table_plan.ts";
import { identityOfUid } from "../rows/row_hash.ts";
import { familyStates } from "../rows/versions.ts";

/**
 * Notes which versions are the latest now, where families came or another version is: else the next
 * sync would find it, and a database in a bucket would be sent once more for that alone.
 */
export async function noteFamilies(
  plan: SyncPlan,
  { shape: { registry: { name } }, families }: TablePlan,
  reader: Reader,
): Promise<void> {
  if (families.every(({ decides }) => decides === "target")) return;
  const rows = await reader.select(branch, "TRUE");
  const branches = new Map(rows.map(({ id, uid }) => [id, identityOfUid(uid)]));
  const ledger = await plan.request.target.ledger(familiesLedger(name));
  ledger.see(await familyStates(reader, name, branches, plan.hash));
}
