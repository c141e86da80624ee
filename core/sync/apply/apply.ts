import type { NewRowOf, Table } from "../../../store/database/table.ts";
import { timestamp } from "../../../store/database/values.ts";
import type { Instance, StorageRow } from "../../instance/instance.ts";
import { maybeWithoutIndexes, rebuiltMin } from "../../artifact/add/apply.ts";
import { type Changes, unbrokenRanges } from "../../operation/changes.ts";
import { Copies } from "../copy/copies.ts";
import { NotCopied } from "../copy/not_copied.ts";
import { joined } from "../ledger/past.ts";
import { sourceRows, type SyncPlan } from "../plan/sync_plan.ts";
import type { Difference, SourceRow, TablePlan } from "../plan/table_plan.ts";
import type { PortableContent } from "../rows/row_source.ts";
import { changedColumns } from "./changed_columns.ts";
import { danglingIds, keepReferences, takeBack } from "./dangling.ts";
import { applyHeads } from "./heads.ts";
import { type NewIds, newIds } from "./new_ids.ts";
import { noteContents } from "./note_contents.ts";
import { noteFamilies } from "./note_families.ts";
import { removeRows, renameRows } from "./remove.ts";
import { type Refused, RowConverters, type State } from "./row_converters.ts";
import type { TargetRow } from "./target_row.ts";

/** Rows that are written together. */
const batchSize = 2000;

export interface Applied {
  /** Artifacts that came, as unbroken ranges of their ids here. */
  readonly artifacts: readonly (readonly [first: number, last: number])[];
  readonly refused: readonly Refused[];
  /** Families of which another version is the latest now. */
  readonly movedHeads: number;
}

/** Writes what a plan says into the target, within one transaction of it. */
export async function applySync(
  plan: SyncPlan,
  changes: Changes,
  instance: Instance,
): Promise<Applied> {
  const { copying } = plan.request;
  const copies = copying && new Copies(plan, copying, changes, instance);
  const now = timestamp(instance.host.now());
  try {
    return await new Applying(plan, changes, copies, instance.ownStorage, now).run();
  } finally {
    await copies?.close();
  }
}

class Applying {
  readonly #artifacts = new Set<number>();
  /** Ids that rows were to have which did not come along, by table. */
  #missed = new Map<string, number[]>();
  #ids: NewIds = new Map();
  #converters!: RowConverters;

  constructor(
    private readonly plan: SyncPlan,
    private readonly changes: Changes,
    private readonly copies: Copies | undefined,
    private readonly ownStorage: StorageRow,
    private readonly now: string,
  ) {}

  async run(): Promise<Applied> {
    const { plan } = this;
    const ids = await newIds(this.changes.reader, plan.tables.values());
    this.#ids = await this.copies?.prepare(ids) ?? ids;
    this.#converters = new RowConverters(plan, this.#ids, {
      engine: this.changes.reader.dialect.name,
      ownStorageId: this.ownStorage.id,
      ownInstanceUid: this.ownStorage.instance_uid,
      managedThere: await plan.request.source.rows.managedStorages(),
      now: this.now,
    });
    for (const one of plan.tables.values()) await renameRows(plan, one, this.changes);
    for (const one of plan.tables.values()) {
      await removeRows(plan, one, this.changes);
      await this.#insertFast(one);
    }
    await this.#settleDangling();
    await this.#finishCopies();
    for (const one of plan.tables.values()) await this.#update(one);
    let movedHeads = 0;
    for (const one of plan.tables.values()) {
      if (!("is_latest" in one.shape.registry.columns)) continue;
      // What came whole into an empty table is as it was.
      const { refused } = this.#converters;
      if (!this.#isEmpty(one) || refused.some(({ table }) => table === one.shape.registry.name)) {
        movedHeads += await applyHeads(plan, one, this.changes);
      }
      await noteFamilies(plan, one, this.changes.reader);
    }
    const artifacts = [
      ...unbrokenRanges([...this.#artifacts].sort((a, b) => a - b)),
      ...this.copies?.artifacts ?? [],
    ];
    return { artifacts, refused: this.#converters.refused, movedHeads };
  }

  async #finishCopies(): Promise<void> {
    // Rows that were copied may refer to those that were refused.
    if (this.copies !== undefined && this.#converters.refused.length > 0) {
      throw new NotCopied("rows were refused");
    }
    await this.copies?.finish();
  }

  /** Inserts them; where they are many, indexes are made afterwards. */
  async #insertFast(one: TablePlan): Promise<void> {
    const { shape: { registry }, missing: { length: count }, copied } = one;
    if (copied !== undefined) return await this.copies!.insert(one);
    const insert = () => this.#insert(one);
    if (registry.name === "lamindb_artifact") {
      await maybeWithoutIndexes(this.changes, count, { isFirst: false }, insert);
    } else if (count >= rebuiltMin && this.#isEmpty(one)) {
      await this.changes.writer.withoutIndexes({ tables: [registry], kept: [], count }, insert);
    } else await insert();
  }

  /** Whether the target had no row of the table. */
  #isEmpty({ shape: { registry } }: TablePlan): boolean {
    return this.plan.targetIds.get(registry.name)?.size === 0;
  }

  /** Lets rows be without such as turned out later not to come, or not come either. */
  async #settleDangling(): Promise<void> {
    while (this.#missed.size > 0) {
      const missed = this.#missed;
      this.#missed = new Map();
      for (const one of this.plan.tables.values()) {
        const ids = this.#ids.get(one.shape.registry.name);
        if (ids === undefined || ids.size === 0) continue;
        const dangling = await danglingIds(this.changes.reader, one.shape, missed);
        const rows = one.missing.filter(({ identity }) => dangling.has(ids.get(identity) ?? NaN));
        if (rows.length > 0) await this.#convertAgain(one, rows, ids);
      }
    }
  }

  async #convertAgain(
    one: TablePlan,
    missing: readonly SourceRow[],
    ids: Map<string, number>,
  ): Promise<void> {
    const { shape, shape: { registry } } = one;
    const convert = this.#converters.of(shape);
    const bySource = new Map(missing.map((row) => [row.id, row]));
    const ledger = await this.plan.request.target.ledger(registry.name);
    const lost: number[] = [];
    for await (const untranslated of sourceRows(this.plan, shape, missing)) {
      const row = this.plan.translation.row(shape, untranslated);
      const id = ids.get(row.identity)!;
      const converted = convert(row);
      if (converted === undefined) {
        lost.push(id);
        ids.delete(row.identity);
        ledger.drop(id);
        this.#artifacts.delete(id);
        continue;
      }
      await keepReferences(this.changes, shape, id, converted.row);
      await this.#settle(one, [{ id, source: bySource.get(row.id)!, state: converted.state }]);
    }
    if (lost.length === 0) return;
    await takeBack(this.changes, registry, lost);
    this.#missed.set(registry.name, [...this.#missed.get(registry.name) ?? [], ...lost]);
  }

  async #insert(one: TablePlan): Promise<void> {
    const { shape, missing } = one;
    const { name } = shape.registry;
    const ids = this.#ids.get(name);
    if (ids === undefined) return;
    const contents = name === "lamindb_artifact" ? await this.#contents(missing) : new Map();
    const convert = this.#converters.of(one.shape);
    const bySource = new Map(missing.map((row) => [row.id, row]));
    const missed: number[] = [];
    let batch: { row: TargetRow; source: SourceRow; state: State; content: Content }[] = [];
    const flush = async () => {
      await this.changes.insert(shape.registry, batch.map(({ row }) => row as NewRowOf<Table>));
      await this.#noteContents(batch);
      await this.#settle(
        one,
        batch.map(({ row, source, state }) => ({
          id: Number(row["id"]),
          source,
          state,
        })),
      );
      batch = [];
    };
    for await (const untranslated of sourceRows(this.plan, shape, missing)) {
      const row = this.plan.translation.row(shape, untranslated);
      const source = bySource.get(row.id)!;
      const known = row === untranslated ? source : undefined;
      const converted = convert(row, contents.get(row.identity), known);
      const id = ids.get(row.identity)!;
      if (converted === undefined) {
        ids.delete(row.identity);
        missed.push(id);
        continue;
      }
      if (name === "lamindb_artifact") this.#artifacts.add(id);
      batch.push({
        row: { id, ...converted.row },
        source,
        state: converted.state,
        content: contents.get(row.identity),
      });
      if (batch.length === batchSize) await flush();
    }
    if (batch.length > 0) await flush();
    if (missed.length > 0) this.#missed.set(name, missed);
  }

  async #update(one: TablePlan): Promise<void> {
    const { shape, newer } = one;
    const { registry } = shape;
    const present = newer.filter(({ source }) => source !== undefined);
    if (present.length === 0) return;
    const convert = this.#converters.of(one.shape);
    const byId = new Map(present.map((difference) => [difference.source!.id, difference]));
    const contents = registry.name === "lamindb_artifact"
      ? await this.#contents(present.map(({ source }) => source!))
      : new Map();
    for await (const untranslated of sourceRows(this.plan, shape, present.map(sourceOf))) {
      const row = this.plan.translation.row(shape, untranslated);
      const { targetId, source } = byId.get(row.id)!;
      const converted = convert(row, contents.get(row.identity));
      if (converted === undefined) continue;
      const [former] = await this.changes.reader.select(registry, "id = ?", [targetId]);
      if (former === undefined) continue;
      await this.changes.update(
        registry,
        [former],
        changedColumns(registry, former, converted.row),
      );
      const content = contents.get(row.identity);
      await this.#noteContents([{ row: { ...converted.row, id: targetId }, content }]);
      await this.#settle(one, [{ id: targetId, source: source!, state: converted.state }]);
    }
  }

  async #noteContents(
    rows: readonly { readonly row: TargetRow; readonly content: Content }[],
  ): Promise<void> {
    await noteContents(
      this.changes,
      rows.flatMap(({ row, content }) => {
        if (content === undefined) return [];
        return [{ artifactId: Number(row["id"]), hash: row["hash"] as string | null, content }];
      }),
    );
  }

  /** Notes what rows have become, so that the next sync knows that they are the same. */
  async #settle(
    { shape: { registry } }: TablePlan,
    rows: readonly { readonly id: number; readonly source: SourceRow; readonly state: State }[],
  ): Promise<void> {
    const ledger = await this.plan.request.target.ledger(registry.name);
    for (const { id, source, state } of rows) {
      const here = ledger.pastOf(state.identity) ?? ledger.current(id) ?? source.past;
      ledger.settle(id, state.identity, joined(state.digest, here, source.past));
    }
  }

  async #contents(rows: readonly { readonly id: number }[]): Promise<Map<string, PortableContent>> {
    const contents = new Map<string, PortableContent>();
    const { rows: source } = this.plan.request.source;
    for await (const content of source.contents(rows.map(({ id }) => id))) {
      contents.set(content.identity, content);
    }
    return contents;
  }
}

type Content = PortableContent | undefined;

function sourceOf({ source }: Difference): SourceRow {
  return source!;
}
