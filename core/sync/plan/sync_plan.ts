import type { Reader } from "../../../store/database/database.ts";
import type { Hashing } from "../../../store/host/host.ts";
import type { Copying } from "../copy/copying.ts";
import { NotCopied } from "../copy/not_copied.ts";
import { standing } from "../ledger/past.ts";
import { type RowHash, rowHash } from "../rows/row_hash.ts";
import type { PortableRow } from "../rows/row_source.ts";
import type { RowShape } from "../rows/shape.ts";
import { aliasesOf, hasUniqueKeys } from "./aliases.ts";
import { planFamilies } from "./families.ts";
import {
  type Difference,
  planTable,
  type SourceRow,
  type SourceSide,
  type SyncSide,
  type TableIds,
  type TablePlan,
} from "./table_plan.ts";
import { renumber } from "./renumber.ts";
import type { StoragePlan } from "./storages.ts";
import { Translation } from "./translation.ts";

/** Ids of rows of the source by table; a table that is not among them is not meant. */
export type Selection = ReadonlyMap<string, ReadonlySet<number>>;

export interface PlanRequest {
  readonly shapes: ReadonlyMap<string, RowShape>;
  readonly hashing: Hashing;
  readonly target: SyncSide & { readonly reader: Reader };
  readonly source: SourceSide;
  /** Whether what was deleted at the target comes again. */
  readonly withDeleted: boolean;
  /** Undefined for everything. */
  readonly selection: Selection | undefined;
  readonly storages: StoragePlan;
  /** Decides which tables the database copies; undefined where it cannot. */
  readonly copying?: Copying | undefined;
}

/** What a sync is to change in the target, by each table in which any side has or had rows. */
export class SyncPlan {
  readonly tables = new Map<string, TablePlan>();
  readonly targetIds = new Map<string, TableIds>();
  readonly translation: Translation;

  readonly hash: RowHash;

  constructor(readonly request: PlanRequest) {
    this.hash = rowHash(request.hashing);
    this.translation = new Translation(this.hash);
  }

  /** The id in the target of what has an identity at the source; undefined if it is not there. */
  idOf(table: string, identityThere: string): number | undefined {
    return this.targetIds.get(table)?.get(this.translation.identity(table, identityThere));
  }
}

/** Compares both sides. Their ledgers take in what was seen, and are to be saved with it. */
export async function planSync(request: PlanRequest): Promise<SyncPlan> {
  const plan = new SyncPlan(request);
  const { source, target } = request;
  const filled = new Set([...await source.rows.filled(), ...await target.rows.filled()]);
  for (const shape of request.shapes.values()) {
    const { name } = shape.registry;
    // What was noted of rows that are gone on both sides is to be ended, too.
    if (!filled.has(name) && (await target.ledger(name)).isUnused) continue;
    const selected = request.selection === undefined
      ? undefined
      : request.selection.get(name) ?? new Set<number>();
    const made = await request.copying?.take(shape) ?? await planTable(shape, request, selected);
    if ("is_latest" in shape.registry.columns) {
      made.plan.families = await planFamilies(name, target, source);
    }
    if (name === "lamindb_storage") leaveOut(made.plan, request.storages);
    plan.tables.set(name, made.plan);
    plan.targetIds.set(name, made.targetIds);
  }
  for (const one of plan.tables.values()) await renumber(plan, one);
  for (const one of plan.tables.values()) await findAliases(plan, one);
  for (const one of plan.tables.values()) {
    if (!plan.translation.concerns(one.shape)) continue;
    if (one.copied !== undefined) throw new NotCopied("records have other uids here");
    await translate(plan, one);
  }
  return plan;
}

/** Storages whose bytes go elsewhere do not come along, nor what the source says of them. */
function leaveOut(one: TablePlan, { leftOut }: StoragePlan): void {
  one.missing = one.missing.filter(({ identity }) => !leftOut.has(identity));
}

/** Takes rows out of the missing ones that the target has under another uid. */
async function findAliases(plan: SyncPlan, one: TablePlan): Promise<void> {
  const { shape, missing } = one;
  const ids = plan.targetIds.get(shape.registry.name)!;
  if (missing.length === 0 || ids.size === 0 || !hasUniqueKeys(shape)) return;
  const rows: PortableRow[] = [];
  for await (const row of sourceRows(plan, shape, missing)) rows.push(row);
  const found = await aliasesOf(
    plan.request.target.reader,
    shape,
    rows,
    (row, column) => idOfReference(plan, shape, row, column),
  );
  if (found.size === 0) return;
  const identities = new Map([...ids].map(([identity, id]) => [id, identity]));
  const known = new Set<string>();
  for (const [row, id] of found) {
    const here = identities.get(id);
    if (here === undefined) continue;
    known.add(row.identity);
    one.aliases.set(row.identity, here);
    plan.translation.add(shape.registry.name, row.identity, here);
  }
  one.missing = missing.filter(({ identity }) => !known.has(identity));
}

/** The id in the target that a column of a row will have. */
export function idOfReference(
  plan: SyncPlan,
  shape: RowShape,
  row: PortableRow,
  column: string,
): number | undefined {
  const identity = row.references[column] ?? null;
  if (identity === null) return undefined;
  const table = shape.references.get(column)!;
  if (shape.registry.name === "lamindb_artifact" && column === "storage_id") {
    const id = plan.request.storages.idFor(identity);
    if (id !== undefined) return id;
  }
  return plan.idOf(table, identity);
}

/** Looks again at rows that refer to records which have other uids here. */
async function translate(plan: SyncPlan, one: TablePlan): Promise<void> {
  const { shape } = one;
  const { name } = shape.registry;
  const differences = [...one.newer, ...one.conflicts].filter(({ source }) => source !== undefined);
  const sources = [...one.missing, ...differences.map(({ source }) => source!)];
  if (sources.length === 0) return;
  const ledgerHere = await plan.request.target.ledger(name);
  const ids = plan.targetIds.get(name)!;
  const again: Pick<TablePlan, "missing" | "newer" | "conflicts"> = {
    missing: [],
    newer: [],
    conflicts: one.conflicts.filter(({ source }) => source === undefined),
  };
  const byId = new Map(sources.map((row) => [row.id, row]));
  for await (const row of sourceRows(plan, shape, sources)) {
    const translated = plan.translation.row(shape, row);
    const former = byId.get(row.id)!;
    const source: SourceRow = {
      id: row.id,
      identity: translated.identity,
      digest: translated.digest,
      past: { ...former.past, digest: translated.digest },
    };
    const targetId = ids.get(translated.identity);
    if (targetId === undefined) {
      again.missing.push(source);
      continue;
    }
    const here = ledgerHere.current(targetId)!;
    const difference: Difference = {
      identity: translated.identity,
      source,
      there: source.past,
      targetId,
      here,
    };
    const stands = standing(here, source.past);
    if (stands === "same") one.same++;
    else if (stands === "ahead") one.ahead++;
    else again[stands === "behind" ? "newer" : "conflicts"].push(difference);
  }
  Object.assign(one, again);
}

/** Rows of the source, as the source has them. */
export async function* sourceRows(
  plan: SyncPlan,
  { registry }: RowShape,
  rows: readonly { readonly id: number }[],
): AsyncGenerator<PortableRow> {
  yield* plan.request.source.rows.rows(registry.name, rows.map(({ id }) => id));
}
