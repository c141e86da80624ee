import type { CatalogTable } from "../../../store/database/catalog/catalog.ts";
import type { Column, ColumnType } from "../../../store/database/table.ts";
import type { Registry } from "../../registry/registry.ts";
import { closed } from "./closed.ts";
import type { CannotCarry, FoundTables } from "./found_tables.ts";
import { vetted } from "./vetted.ts";

/** What goes from one instance to another of the tables that no registry defines. */
export interface JointTables {
  /** How their rows travel, as the target has or will have the tables. */
  readonly registries: readonly Registry[];
  readonly cannotCarry: readonly CannotCarry[];
}

/**
 * Tables of the source that the target has alike, or can be given. A table that both have in
 * different ways stays where it is: their rows could not be compared.
 */
export function jointTables(
  source: FoundTables,
  target: FoundTables,
  known: readonly Registry[],
): JointTables {
  const cannotCarry: CannotCarry[] = source.others.map((table) => ({
    table,
    why: "is one of more tables than are looked at",
  }));
  const there = new Map(target.tables.map((table) => [table.name.toLowerCase(), table]));
  const registries: Registry[] = [];
  for (const table of source.tables) {
    const here = there.get(table.name.toLowerCase());
    const joint = jointOf(table, here, source, target);
    if (typeof joint === "string") cannotCarry.push({ table: table.name, why: joint });
    else registries.push(joint);
  }
  const { travelling, left } = closed(registries, known);
  const sorted = [...cannotCarry, ...left].toSorted((a, b) => a.table < b.table ? -1 : 1);
  return { registries: travelling, cannotCarry: sorted };
}

const alike = "has rows that nothing tells apart";

/** The registry for a table, or why there is none. */
function jointOf(
  table: CatalogTable,
  here: CatalogTable | undefined,
  source: FoundTables,
  target: FoundTables,
): Registry | string {
  const { name } = table;
  const { registry, why } = vetted(table);
  if (registry === undefined) return why!;
  if (source.alike.includes(name)) return alike;
  if (target.others.includes(name)) return "is one of more tables there than are looked at";
  if (here === undefined) return registry;
  const own = vetted(here);
  if (own.registry === undefined) return `is another one there: it ${own.why}`;
  if (target.alike.includes(name)) return `is there, and ${alike}`;
  const difference = differenceOf(registry, own.registry);
  return difference === undefined ? own.registry : `is another one there: ${difference}`;
}

/** In what two definitions of a table differ so that its rows cannot be compared. */
function differenceOf(from: Registry, to: Registry): string | undefined {
  const names = new Set([...Object.keys(from.columns), ...Object.keys(to.columns)]);
  for (const name of names) {
    const [theirs, ours] = [from.columns[name], to.columns[name]];
    if (ours === undefined) return `it lacks the column ${name}`;
    if (theirs === undefined) return `it has a column ${name} besides`;
    if (kindOf(theirs) !== kindOf(ours)) return `its column ${name} holds something else`;
  }
  const isSame = from.toldApartBy!.join() === to.toldApartBy!.join();
  return isSame ? undefined : "other columns tell its rows apart";
}

const kinds: Partial<Record<ColumnType, string>> = {
  bigid: "id",
  smallid: "id",
  smallint: "integer",
  bigint: "integer",
  varchar: "text",
};

/** What values mean; how many of them there are room for is each instance's own affair. */
function kindOf({ type, references }: Column): string {
  return references === undefined ? kinds[type] ?? type : `row of ${references.table}`;
}
