import type { RowState } from "../rows/row_source.ts";
import type { TableLedger } from "./ledger.ts";
import { joined, type Past } from "./past.ts";

/** What was noted of a table's rows at their source. */
export interface SourceLedger {
  /** Takes in what some rows are now; gives how each came to be. */
  see(states: readonly RowState[]): Past[];
  /** To be called when all rows were seen: those that were not are gone. */
  endSeeing(): void;
  /** Rows that are gone. */
  deleted(): Iterable<[identity: string, past: Past]>;
}

/**
 * What the source notes itself, and what the target noted of it while that could not be: a clone is
 * made without a trace at its source.
 */
export function bothLedgers(own: TableLedger, noted: TableLedger): SourceLedger {
  if (noted.isUnused) return own;
  return {
    see: (states) => {
      const others = noted.see(states);
      return own.see(states).map((past, index) => {
        const other = others[index]!;
        return other.past.length === 0 ? past : joined(states[index]!.digest, past, other);
      });
    },
    endSeeing: () => {
      own.endSeeing();
      noted.endSeeing();
    },
    *deleted() {
      yield* own.deleted();
      for (const entry of noted.deleted()) if (own.pastOf(entry[0]) === undefined) yield entry;
    },
  };
}
