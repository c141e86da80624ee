import { joined, standing } from "../ledger/past.ts";
import type { RowState } from "../rows/row_source.ts";
import type { SourceSide, SyncSide } from "./table_plan.ts";

/** A family of the source, and who knows better which of its versions are the latest. */
export interface FamilyPlan {
  readonly state: RowState;
  readonly isKnownHere: boolean;
  readonly decides: "source" | "target" | "newest";
}

/** What the ledger calls the families of a table. */
export function familiesLedger(table: string): string {
  return `${table}#families`;
}

/** Compares which versions are the latest, of every family of the source with several. */
export async function planFamilies(
  table: string,
  target: SyncSide,
  source: SourceSide,
): Promise<FamilyPlan[]> {
  const ledgerHere = await target.ledger(familiesLedger(table));
  const ledgerThere = await source.ledger(familiesLedger(table));
  const here = new Map<string, number>();
  for await (const state of target.rows.families(table)) {
    ledgerHere.see(state);
    here.set(state.identity, state.id);
  }
  ledgerHere.endSeeing();
  const plans: FamilyPlan[] = [];
  for await (const state of source.rows.families(table)) {
    const there = ledgerThere.see(state);
    const id = here.get(state.identity);
    if (id === undefined) {
      plans.push({ state, isKnownHere: false, decides: "source" });
      continue;
    }
    const known = ledgerHere.current(id)!;
    const stands = standing(known, there);
    if (stands === "same") continue;
    const decides = stands === "behind" ? "source" : stands === "ahead" ? "target" : "newest";
    plans.push({ state, isKnownHere: true, decides });
    if (decides === "target") continue;
    const digest = decides === "source" ? there.digest : known.digest;
    ledgerHere.settle(id, state.identity, joined(digest, known, there));
  }
  ledgerThere.endSeeing();
  return plans;
}
