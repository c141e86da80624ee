import type { Reader, SqlRow, SqlValue } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Registry } from "../../registry/registry.ts";
import { recordName } from "../record_name.ts";
import { type Done, Explained } from "./explained.ts";
import type { LogsCompared } from "./logs.ts";
import { merged, nothing } from "./merged.ts";

/** What differs in a table though no operation that only one side has changed it. */
export interface UnloggedChange {
  readonly registry: Registry;
  readonly onlyHere: number;
  readonly onlyThere: number;
  readonly changed: number;
  /** What some of these records are called. */
  readonly names: readonly string[];
}

/** How many records of a table are named. */
const namedMax = 5;

/**
 * Rows of LaminDB's tables that differ between two copies and that no operation after the shared
 * ones explains: Python changed them, or a person did. Both sides are read once, row by row in the
 * order of ids.
 */
export async function unloggedChanges(
  here: Reader,
  there: Reader,
  registries: readonly Registry[],
  logs: LogsCompared,
): Promise<UnloggedChange[]> {
  const found: UnloggedChange[] = [];
  for (const registry of registries) {
    const change = await unloggedChange(here, there, registry, logs);
    if (change.onlyHere + change.onlyThere + change.changed > 0) found.push(change);
  }
  return found;
}

async function unloggedChange(
  here: Reader,
  there: Reader,
  registry: Registry,
  logs: LogsCompared,
): Promise<UnloggedChange> {
  const count = { onlyHere: 0, onlyThere: 0, changed: 0 };
  const names: string[] = [];
  const loggedHere = await Explained.since(here, logs.here.sharedId, registry.name);
  const loggedThere = await Explained.since(there, logs.there.sharedId, registry.name);
  const pairs = merged(await rowsOf(here, registry), await rowsOf(there, registry), idOf);
  for await (const [a, b] of pairs) {
    const different = differingColumns(a, b);
    if (different.length === 0) continue;
    const id = idOf((a ?? b)!);
    const kind = unexplained(
      [a, await loggedHere.of(id)],
      [b, await loggedThere.of(id)],
      different,
    );
    if (kind === undefined) continue;
    count[kind]++;
    const row = kind === "onlyThere" ? b : a;
    if (names.length < namedMax) names.push(recordName(registry, row!));
  }
  await loggedHere.close();
  await loggedThere.close();
  return { registry, ...count, names };
}

/** What differs in a row that the operations of neither side explain. */
function unexplained(
  [a, here]: readonly [row: SqlRow | undefined, done: Done],
  [b, there]: readonly [row: SqlRow | undefined, done: Done],
  different: readonly string[],
): "onlyHere" | "onlyThere" | "changed" | undefined {
  if (b === undefined) return here.isInserted || there.isDeleted ? undefined : "onlyHere";
  if (a === undefined) return there.isInserted || here.isDeleted ? undefined : "onlyThere";
  // One that an undo put back was there before.
  const [isNewHere, isNewThere] = [here, there].map((one) => one.isInserted && !one.isDeleted);
  // Two rows that got the same id: each has to have an operation of its own.
  if (isNewHere && isNewThere) return undefined;
  if (isNewHere) return "onlyThere";
  if (isNewThere) return "onlyHere";
  const isExplained = (name: string) =>
    [here, there].some((one) => one.isInserted || one.columns.has(name));
  return different.every(isExplained) ? undefined : "changed";
}

/** Names of the columns in which two rows differ, all of a row that only one side has. */
function differingColumns(a: SqlRow | undefined, b: SqlRow | undefined): string[] {
  if (a === undefined || b === undefined) return Object.keys((a ?? b)!);
  return Object.keys(a).filter((name) => !isSame(a[name]!, b[name]!));
}

function isSame(a: SqlValue, b: SqlValue): boolean {
  if (a === b) return true;
  return a instanceof Uint8Array && b instanceof Uint8Array && a.toHex() === b.toHex();
}

/** Rows with the columns of the definition, in one order on both sides; none without a table. */
async function rowsOf(reader: Reader, registry: Registry): Promise<AsyncIterable<SqlRow>> {
  if ((await reader.columnsOf(registry.name)).length === 0) return nothing();
  const columns = Object.keys(registry.columns).map(quote).join(", ");
  return reader.iterate(`SELECT ${columns} FROM ${quote(registry.name)} ORDER BY id`);
}

function idOf(row: SqlRow): number {
  return row["id"] as number;
}
