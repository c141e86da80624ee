import type { SourceState } from "../source_peer.ts";
import { familiesLedger } from "../plan/families.ts";
import type { TableLedger } from "./ledger.ts";

/**
 * What a target noted of a table of a source, completed by what was noted at the source once: how
 * its rows came to be what they are, as far as that differs from what was noted.
 */
export async function learned(
  ledger: TableLedger,
  { rows, notes }: SourceState,
  table: string,
): Promise<TableLedger> {
  const there = await notes?.(table);
  if (there === undefined || there.isUnused) return ledger;
  const families = familiesLedger("");
  const states = table.endsWith(families)
    ? rows.families(table.slice(0, -families.length))
    : rows.states(table);
  for await (const some of states) there.see(some);
  there.endSeeing();
  ledger.learn(there);
  return ledger;
}
