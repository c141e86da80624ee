import type { TableLedger } from "../ledger/ledger.ts";
import { joined, type Past, standing } from "../ledger/past.ts";
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
  for await (const states of target.rows.families(table)) {
    ledgerHere.see(states);
    for (const { identity, id } of states) here.set(identity, id);
  }
  ledgerHere.endSeeing();
  const plans: FamilyPlan[] = [];
  for await (const states of source.rows.families(table)) {
    for (const [index, there] of ledgerThere.see(states).entries()) {
      const state = states[index]!;
      const id = here.get(state.identity);
      if (id === undefined) plans.push({ state, isKnownHere: false, decides: "source" });
      else plans.push(...planKnown(ledgerHere, id, state, there));
    }
  }
  ledgerThere.endSeeing();
  return plans;
}

/** What is to become of a family that the target has as `id`; nothing where both are the same. */
function planKnown(ledger: TableLedger, id: number, state: RowState, there: Past): FamilyPlan[] {
  const here = ledger.current(id)!;
  const stands = standing(here, there);
  if (stands === "same") return [];
  const decides = stands === "behind" ? "source" : stands === "ahead" ? "target" : "newest";
  if (decides !== "target") {
    const digest = decides === "source" ? there.digest : here.digest;
    ledger.settle(id, state.identity, joined(digest, here, there));
  }
  return [{ state, isKnownHere: true, decides }];
}
