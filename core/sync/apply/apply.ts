import type { NewRowOf, RowOf, Table } from "../../../store/database/table.ts";
import { type ArtifactRow, storageKeyOf } from "../../artifact/storage_key.ts";
import { timestamp } from "../../../store/database/values.ts";
import type { Instance, StorageRow } from "../../instance/instance.ts";
import { maybeWithoutIndexes, rebuiltMin } from "../../artifact/add/apply.ts";
import type { Changes } from "../../operation/changes.ts";
import type { Registry } from "../../registry/registry.ts";
import { joined } from "../ledger/past.ts";
import { sourceRows, type SyncPlan } from "../plan/sync_plan.ts";
import type { Difference, SourceRow, TablePlan } from "../plan/table_plan.ts";
import type { PortableContent } from "../rows/row_source.ts";
import { applyHeads } from "./heads.ts";
import { type NewIds, newIds } from "./new_ids.ts";
import { noteContents } from "./note_contents.ts";
import { type Refused, RowConverters, type State } from "./row_converters.ts";
import type { TargetRow } from "./target_row.ts";

/** Rows that are written together. */
const batchSize = 2000;

export interface Applied {
  /** Artifacts that came, by the id here, with the id that they have at the source. */
  readonly artifacts: ReadonlyMap<number, number>;
  readonly refused: readonly Refused[];
  /** Families of which another version is the latest now. */
  readonly movedHeads: number;
}

/** Writes what a plan says into the target, within one transaction of it. */
export async function applySync(
  plan: SyncPlan,
  changes: Changes,
  { ownStorage, host }: Instance,
): Promise<Applied> {
  return await new Applying(plan, changes, ownStorage, timestamp(host.now())).run();
}

class Applying {
  readonly #artifacts = new Map<number, number>();
  #ids: NewIds = new Map();
  #converters!: RowConverters;

  constructor(
    private readonly plan: SyncPlan,
    private readonly changes: Changes,
    private readonly ownStorage: StorageRow,
    private readonly now: string,
  ) {}

  async run(): Promise<Applied> {
    const { plan } = this;
    this.#ids = await newIds(this.changes.reader, plan.tables.values());
    this.#converters = new RowConverters(plan, this.#ids, {
      engine: this.changes.reader.dialect.name,
      ownStorageId: this.ownStorage.id,
      ownInstanceUid: this.ownStorage.instance_uid,
      managedThere: await plan.request.source.rows.managedStorages(),
      now: this.now,
    });
    for (const one of plan.tables.values()) await this.#rename(one);
    for (const one of plan.tables.values()) {
      await this.#remove(one);
      await this.#insertFast(one);
    }
    for (const one of plan.tables.values()) await this.#update(one);
    let movedHeads = 0;
    for (const one of plan.tables.values()) {
      if (!("is_latest" in one.shape.registry.columns)) continue;
      // What came whole into an empty table is as it was.
      const { refused } = this.#converters;
      if (!this.#isEmpty(one) || refused.some(({ table }) => table === one.shape.registry.name)) {
        movedHeads += await applyHeads(plan, one, this.changes);
      }
    }
    return { artifacts: this.#artifacts, refused: this.#converters.refused, movedHeads };
  }

  /** Inserts them; where they are many, indexes are made afterwards. */
  async #insertFast(one: TablePlan): Promise<void> {
    const { shape: { registry }, missing } = one;
    const insert = () => this.#insert(one);
    if (registry.name === "lamindb_artifact") {
      await maybeWithoutIndexes(this.changes, missing.length, { isFirst: false }, insert);
    } else if (missing.length >= rebuiltMin && this.#isEmpty(one)) {
      await this.changes.writer.withoutIndexes([registry], [], insert);
    } else await insert();
  }

  /** Whether the target had no row of the table. */
  #isEmpty({ shape: { registry } }: TablePlan): boolean {
    return this.plan.targetIds.get(registry.name)?.size === 0;
  }

  async #insert(one: TablePlan): Promise<void> {
    const { shape, missing } = one;
    const { name } = shape.registry;
    const ids = this.#ids.get(name);
    if (ids === undefined) return;
    const contents = name === "lamindb_artifact" ? await this.#contents(missing) : new Map();
    const convert = this.#converters.of(one.shape);
    const bySource = new Map(missing.map((row) => [row.id, row]));
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
      if (converted === undefined) {
        ids.delete(row.identity);
        continue;
      }
      const id = ids.get(row.identity)!;
      if (name === "lamindb_artifact") this.#artifacts.set(id, row.id);
      batch.push({
        row: { id, ...converted.row },
        source,
        state: converted.state,
        content: contents.get(row.identity),
      });
      if (batch.length === batchSize) await flush();
    }
    if (batch.length > 0) await flush();
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
        this.#changedColumns(registry, former, converted.row),
      );
      const content = contents.get(row.identity);
      await this.#noteContents([{ row: { ...converted.row, id: targetId }, content }]);
      await this.#settle(one, [{ id: targetId, source: source!, state: converted.state }]);
    }
  }

  /** What travels of a row that is there; where its bytes lie changes only with them. */
  #changedColumns(
    registry: Registry,
    former: RowOf<Registry>,
    row: TargetRow,
  ): NewRowOf<Registry> {
    const { is_latest: _, ...values } = row;
    if (registry.name !== "lamindb_artifact") {
      if (registry.name === "lamindb_storage") {
        for (const name of ["root", "region", "instance_uid"]) delete values[name];
      }
      return values as NewRowOf<Registry>;
    }
    const isSameContent = (former as Record<string, unknown>)["hash"] === values["hash"];
    if (isSameContent) {
      for (const name of ["storage_id", "_real_key", "_key_is_virtual", "_overwrite_versions"]) {
        delete values[name];
      }
    }
    return values as NewRowOf<Registry>;
  }

  /** Bytes that lie under the uid stay where they are. */
  async #rename({ shape: { registry }, renamings }: TablePlan): Promise<void> {
    const ledger = await this.plan.request.target.ledger(registry.name);
    // From the highest number on, as one may get the number that another one has.
    for (const { row, uid } of renamings.toSorted((a, b) => a.uid < b.uid ? 1 : -1)) {
      const values = registry.name !== "lamindb_artifact" || row["_real_key"] !== null
        ? { uid }
        : { uid, _real_key: storageKeyOf(row as unknown as ArtifactRow) };
      await this.changes.update(registry, [row as never], values as never);
      ledger.drop(row.id);
    }
  }

  async #remove({ shape: { registry }, gone }: TablePlan): Promise<void> {
    if (gone.length === 0) return;
    const ledger = await this.plan.request.target.ledger(registry.name);
    for (let start = 0; start < gone.length; start += batchSize) {
      const list = this.changes.reader.dialect.valuesOf(
        gone.slice(start, start + batchSize).map(({ targetId }) => targetId),
      );
      const rows = await this.changes.reader.select(
        registry,
        `id IN (${list.sql})`,
        list.parameters,
      );
      await this.changes.delete(registry, rows);
    }
    for (const { identity, targetId, here, there } of gone) {
      ledger.settleGone(targetId, identity, joined(null, here, there));
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
