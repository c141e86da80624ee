import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import type { Registry } from "../../registry/registry.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import {
  laminChange,
  laminContent,
  laminManifestFile,
  laminObject,
  type OperationRow,
} from "../../side_tables.ts";
import { type ChangedRow, type LoggedRow, netChange } from "../net_change.ts";

/** What reverses an operation in one table. */
export interface TableReversal {
  readonly registry: Registry;
  /** Rows that the operation made and that are still there; they go. */
  readonly remove: readonly LoggedRow[];
  /** Rows that it deleted; they come back with their ids. */
  readonly insert: readonly (LoggedRow & { readonly id: number })[];
  /** Columns that it set; they get their former values. */
  readonly change: readonly ChangedRow[];
  /** The rows of `change` as they are now, by id. */
  readonly present: ReadonlyMap<number, LoggedRow>;
}

/**
 * Rows that stay when the operation that made them is undone: people, and what is known of bytes
 * that are in the store all the same until `gc` removes them.
 */
export const keptTables: ReadonlySet<string> = new Set([
  "lamindb_user",
  laminObject.name,
  laminManifestFile.name,
]);

/**
 * What reverses an operation, in the order in which its tables are to be changed. Nothing is
 * written.
 */
export async function reversalOf(
  reader: Reader,
  operation: OperationRow,
  registries: ReadonlyMap<string, Registry>,
): Promise<TableReversal[]> {
  const changes = await reader.select(laminChange, "operation_id = ? ORDER BY id", [operation.id]);
  const reversal: TableReversal[] = [];
  for (const [table, net] of netChange(changes)) {
    const registry = registries.get(table);
    if (registry === undefined) throw unknownTable(operation, table);
    const removable = keptTables.has(table) ? [] : [...net.appeared];
    const changed = [...net.changed.values()].map((row) => knownColumns(registry, row));
    reversal.push({
      registry,
      remove: await rowsById(reader, registry, removable),
      insert: [...net.vanished].map(([id, row]) => ({ ...row, id })),
      change: changed,
      present: new Map(
        (await rowsById(reader, registry, changed.map(({ id }) => id)))
          .map((row) => [row["id"] as number, row]),
      ),
    });
  }
  return (await withContents(reader, reversal)).reverse();
}

/** Adds what was noted of the content of artifacts that go, whichever operation noted it. */
async function withContents(
  reader: Reader,
  reversal: readonly TableReversal[],
): Promise<TableReversal[]> {
  const artifacts = reversal.find(({ registry }) => registry.name === artifact.name)?.remove ?? [];
  const list = reader.dialect.valuesOf(artifacts.map((row) => row["id"] as number));
  const contents = await reader.select(
    laminContent,
    `artifact_id IN (${list.sql})`,
    list.parameters,
  );
  if (contents.length === 0) return [...reversal];
  const nothing = { remove: [], insert: [], change: [], present: new Map() };
  const own = reversal.find(({ registry }) => registry.name === laminContent.name) ?? nothing;
  const others = reversal.filter(({ registry }) => registry.name !== laminContent.name);
  const remove = new Map([...own.remove, ...contents].map((row) => [row["id"], row]));
  return [...others, { ...own, registry: laminContent, remove: [...remove.values()] }];
}

async function rowsById(
  reader: Reader,
  registry: Registry,
  ids: readonly number[],
): Promise<LoggedRow[]> {
  if (ids.length === 0) return [];
  const list = reader.dialect.valuesOf(ids);
  return await reader.select(registry, `id IN (${list.sql})`, list.parameters);
}

/** A log may be older than a column's name, or have come from elsewhere. */
function knownColumns(registry: Registry, row: ChangedRow): ChangedRow {
  const known = (values: LoggedRow) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => name in registry.columns));
  return { id: row.id, before: known(row.before), after: known(row.after) };
}

function unknownTable(operation: OperationRow, table: string): LaminError {
  return new LaminError(
    "denied",
    `cannot undo ${operation.verb} ${operation.uid}: it changed the table ${table}, which this ` +
      "program does not know",
    { hint: "use a program with the module that the table belongs to", data: { table } },
  );
}
