import type { Reader } from "../../store/database/database.ts";
import type { Module } from "../module.ts";
import type { Instance } from "../instance/instance.ts";
import { Carrier } from "./carrier.ts";
import { MoveFaults } from "./faults/fault.ts";
import { addCaseTwins } from "./faults/names.ts";
import { addLooseReferences } from "./faults/references.ts";
import { addTypeFaults } from "./faults/type_rules.ts";
import { addMissingColumns, addUnknownColumns, addUnknownTables } from "./faults/unknown.ts";
import { surveyTable } from "./faults/values.ts";
import { type MovedTables, movedTables } from "./tables.ts";

/** One table that is carried. */
export interface PlannedTable {
  readonly carrier: Carrier;
  readonly rows: number;
  /** Ids of rows whose texts may be too long for an index of Postgres. */
  readonly longTexts: readonly number[];
}

/** What moving an instance would do, and what stands in its way. */
export interface MovePlan extends MovedTables {
  readonly tables: readonly PlannedTable[];
  readonly faults: MoveFaults;
}

export interface PlanOptions {
  readonly to: "sqlite" | "postgres";
  readonly knownModules: readonly Module[];
  /** True to leave behind what no registry knows, instead of naming it as a fault. */
  readonly leaveUnknown: boolean;
  readonly onRows: (count: number) => void;
}

/** Looks at all rows of an instance. `present` are the tables that its database has. */
export async function planMove(
  instance: Instance,
  reader: Reader,
  present: readonly string[],
  { to, knownModules, leaveUnknown, onRows }: PlanOptions,
): Promise<MovePlan> {
  const moved = await movedTables(instance, reader, present, knownModules, to);
  const faults = new MoveFaults();
  const known = new Set([
    ...moved.made.map(({ name }) => name),
    ...knownModules.flatMap(({ registries }) => registries.map(({ name }) => name)),
  ]);
  if (!leaveUnknown) await addUnknownTables(reader, present, known, faults);
  const carried = new Set(moved.carried.map(({ name }) => name));
  const tables: PlannedTable[] = [];
  for (const table of moved.carried) {
    if (await addMissingColumns(reader, table, faults)) continue;
    if (!leaveUnknown) await addUnknownColumns(reader, table, faults);
    await addLooseReferences(reader, table, carried, faults);
    await addTypeFaults(reader, table, faults);
    await addCaseTwins(reader, table, faults);
    const carrier = new Carrier(table, moved.made, to);
    const { rows, longTexts } = await surveyTable(reader, carrier, faults, onRows);
    tables.push({ carrier, rows, longTexts: to === "postgres" ? longTexts : [] });
  }
  return { ...moved, tables, faults };
}
