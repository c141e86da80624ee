import type { CopiedTable } from "../copy/copying.ts";
import type { SourceLedger } from "../ledger/both_ledgers.ts";
import type { TableLedger } from "../ledger/ledger.ts";
import { joined, type Past, standing } from "../ledger/past.ts";
import type { RowSource, RowState } from "../rows/row_source.ts";
import type { FamilyPlan } from "./families.ts";
import type { Renaming } from "./renumber.ts";
import type { RowShape } from "../rows/shape.ts";

/** A row of the source, and how it came to be. */
export interface SourceRow extends RowState {
  readonly past: Past;
}

/** A row that both have and that is not the same. */
export interface Difference {
  readonly identity: string;
  /** Undefined when the source deleted it. */
  readonly source: SourceRow | undefined;
  readonly there: Past;
  readonly targetId: number;
  readonly here: Past;
}

/** What a sync comes to in one table. */
export interface TablePlan {
  readonly shape: RowShape;
  /** Rows that the target lacks. */
  missing: SourceRow[];
  /** Rows that the target lacks, all that the source has, where the database copies them. */
  readonly copied?: CopiedTable;
  /** Rows that are newer at the source. */
  newer: Difference[];
  /** Rows that both changed. */
  conflicts: Difference[];
  /** Links that the source took away. */
  gone: Difference[];
  /** Rows that the target has under another uid: identity here by identity there. */
  aliases: Map<string, string>;
  /** Versions of the target that get other numbers. */
  renamings: Renaming[];
  /** Which versions are to be the latest, where there are several. */
  families: readonly FamilyPlan[];
  /** How many rows are the same, and how many are newer at the target. */
  same: number;
  ahead: number;
  /** Rows of the source that the target deleted. */
  deletedHere: SourceRow[];
  /** How many rows of the target the source deleted for good; they stay. */
  deletedThere: number;
}

/** The side that rows come from, and what was noted of them. */
export interface SourceSide {
  readonly rows: RowSource;
  ledger(table: string): Promise<SourceLedger>;
}

/** The side that rows come to, and what was noted of those that it has. */
export interface SyncSide extends SourceSide {
  /** The notes of a table; `families` for those on which versions are the latest. */
  ledger(table: string): Promise<TableLedger>;
}

/** The rows of a table in the target by their identities. */
export type TableIds = Map<string, number>;

/**
 * Compares a table of both sides. `selected` are ids of the rows of the source that are meant;
 * undefined for all. Both ledgers take in what was seen.
 */
export async function planTable(
  shape: RowShape,
  { target, source, withDeleted }: {
    readonly target: SyncSide;
    readonly source: SourceSide;
    /** Whether what was deleted at the target comes again. */
    readonly withDeleted: boolean;
  },
  selected: ReadonlySet<number> | undefined,
): Promise<{ plan: TablePlan; targetIds: TableIds }> {
  const { name, isLink } = shape.registry;
  const ledgerHere = await target.ledger(name);
  const ledgerThere = await source.ledger(name);
  const targetIds: TableIds = new Map();
  const pasts = new Map<number, Past>();
  for await (const states of target.rows.states(name)) {
    for (const [index, past] of ledgerHere.see(states).entries()) {
      const { id, identity } = states[index]!;
      targetIds.set(identity, id);
      pasts.set(id, past);
    }
  }
  ledgerHere.endSeeing();
  const knownAs = (identity: string): Known | undefined => {
    const id = targetIds.get(identity);
    return id === undefined ? undefined : { id, past: pasts.get(id)! };
  };
  const plan = emptyPlan(shape);
  for await (const states of source.rows.states(name)) {
    for (const [index, past] of ledgerThere.see(states).entries()) {
      const state = states[index]!;
      if (selected !== undefined && !selected.has(state.id)) continue;
      const known = knownAs(state.identity);
      if (known !== undefined) addKnown(plan, state, past, known, ledgerHere);
      else if (withDeleted) plan.missing.push({ ...state, past });
      else addMissing(plan, { ...state, past }, ledgerHere.pastOf(state.identity));
    }
  }
  ledgerThere.endSeeing();
  for (const [identity, there] of ledgerThere.deleted()) {
    const known = knownAs(identity);
    if (known === undefined || standing(known.past, there) === "ahead") continue;
    if (!isLink) plan.deletedThere++;
    else if (selected === undefined) {
      const all = { identity, source: undefined, there, targetId: known.id, here: known.past };
      (standing(known.past, there) === "behind" ? plan.gone : plan.conflicts).push(all);
    }
  }
  return { plan, targetIds };
}

export function emptyPlan(shape: RowShape): TablePlan {
  return {
    shape,
    missing: [],
    newer: [],
    conflicts: [],
    gone: [],
    aliases: new Map(),
    renamings: [],
    families: [],
    same: 0,
    ahead: 0,
    deletedHere: [],
    deletedThere: 0,
  };
}

function addMissing(plan: TablePlan, row: SourceRow, here: Past | undefined): void {
  const isDeletedHere = here?.digest === null && standing(here, row.past) === "ahead";
  (isDeletedHere ? plan.deletedHere : plan.missing).push(row);
}

/** A row that the target has. */
interface Known {
  readonly id: number;
  readonly past: Past;
}

function addKnown(
  plan: TablePlan,
  state: RowState,
  there: Past,
  known: Known,
  ledgerHere: TableLedger,
): void {
  const { identity } = state;
  const difference = () => {
    const source = { ...state, past: there };
    return { identity, source, there, targetId: known.id, here: known.past };
  };
  switch (standing(known.past, there)) {
    case "same":
      plan.same++;
      if (!there.past.every((state) => known.past.past.includes(state))) {
        ledgerHere.settle(known.id, identity, joined(there.digest, known.past, there));
      }
      break;
    case "ahead":
      plan.ahead++;
      break;
    case "behind":
      plan.newer.push(difference());
      break;
    case "conflict":
      plan.conflicts.push(difference());
  }
}
