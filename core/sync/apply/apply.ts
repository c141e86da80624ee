import type { NewRowOf, RowOf, Table } from "../../../store/database/table.ts";
import { type ArtifactRow, storageKeyOf } from "../../artifact/storage_key.ts";
import { timestamp } from "../../../store/database/values.ts";
import type { Instance } from "../../instance/instance.ts";
import { maybeWithoutIndexes } from "../../artifact/add/apply.ts";
import type { Changes } from "../../operation/changes.ts";
import type { Registry } from "../../registry/registry.ts";
import { joined } from "../ledger/past.ts";
import { idOfReference, sourceRows, type SyncPlan } from "../plan/sync_plan.ts";
import type { Difference, SourceRow, TablePlan } from "../plan/table_plan.ts";
import { portableState } from "../rows/digest.ts";
import type { PortableContent, PortableRow } from "../rows/row_source.ts";
import { completer } from "./completed_row.ts";
import { applyHeads } from "./heads.ts";
import { type NewIds, newIds } from "./new_ids.ts";
import { noteContents } from "./note_contents.ts";
import { placeInStore } from "./place.ts";
import { Obstacle, type TargetRow, targetRows } from "./target_row.ts";

/** Rows that are written together. */
const batchSize = 2000;

/** A row that did not come along. */
export interface Refused {
  readonly table: string;
  readonly identity: string;
  /** What people call it. */
  readonly name: string;
  readonly reason: string;
}

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
  return await new Applying(plan, changes, ownStorage.id, timestamp(host.now())).run();
}

class Applying {
  readonly #artifacts = new Map<number, number>();
  readonly #refused: Refused[] = [];
  #ids: NewIds = new Map();
  #managedThere: ReadonlySet<string> = new Set();

  constructor(
    private readonly plan: SyncPlan,
    private readonly changes: Changes,
    private readonly ownStorageId: number,
    private readonly now: string,
  ) {}

  async run(): Promise<Applied> {
    const { plan } = this;
    this.#managedThere = await plan.request.source.rows.managedStorages();
    this.#ids = await newIds(this.changes.reader, plan.tables.values());
    for (const one of plan.tables.values()) await this.#rename(one);
    for (const one of plan.tables.values()) {
      await this.#remove(one);
      const isArtifacts = one.shape.registry.name === "lamindb_artifact";
      const count = isArtifacts ? one.missing.length : 0;
      const insert = () => this.#insert(one);
      await maybeWithoutIndexes(this.changes, count, { isFirst: false }, insert);
    }
    for (const one of plan.tables.values()) await this.#update(one);
    let movedHeads = 0;
    for (const one of plan.tables.values()) {
      if ("is_latest" in one.shape.registry.columns) {
        movedHeads += await applyHeads(plan, one, this.changes);
      }
    }
    return { artifacts: this.#artifacts, refused: this.#refused, movedHeads };
  }

  async #insert(one: TablePlan): Promise<void> {
    const { shape, missing } = one;
    const { name } = shape.registry;
    const ids = this.#ids.get(name);
    if (ids === undefined) return;
    const contents = name === "lamindb_artifact" ? await this.#contents(missing) : new Map();
    const convert = this.#converter(one);
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
      const converted = this.#attempt(one, row, () => convert(row, contents.get(row.identity)));
      if (converted === undefined) {
        ids.delete(row.identity);
        continue;
      }
      const id = ids.get(row.identity)!;
      if (name === "lamindb_artifact") this.#artifacts.set(id, row.id);
      batch.push({
        row: { id, ...converted.row },
        source: bySource.get(row.id)!,
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
    const convert = this.#converter(one);
    const byId = new Map(present.map((difference) => [difference.source!.id, difference]));
    const contents = registry.name === "lamindb_artifact"
      ? await this.#contents(present.map(({ source }) => source!))
      : new Map();
    for await (const untranslated of sourceRows(this.plan, shape, present.map(sourceOf))) {
      const row = this.plan.translation.row(shape, untranslated);
      const { targetId, source } = byId.get(row.id)!;
      const converted = this.#attempt(one, row, () => convert(row, contents.get(row.identity)));
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

  #converter(
    one: TablePlan,
  ): (row: PortableRow, content?: PortableContent) => { row: TargetRow; state: State } {
    const { shape } = one;
    const { request } = this.plan;
    const idOf = (row: PortableRow, column: string) => this.#idOf(one, row, column);
    const convert = targetRows(
      shape,
      request.source.rows.engine,
      this.changes.reader.dialect.name,
      idOf,
    );
    const stateOf = portableState(shape, this.plan.hash);
    const complete = completer(shape, (table) => this.plan.targetIds.get(table), this.now);
    return (given, content) => {
      const row = complete(given);
      const converted = convert(row);
      const lost = [...shape.references.keys()].filter((name) =>
        (row.references[name] ?? null) !== null && converted[name] === null
      );
      const references = {
        ...row.references,
        ...Object.fromEntries(lost.map((name) => [name, null])),
      };
      const isAsGiven = row === given && lost.length === 0;
      const state = isAsGiven ? row : stateOf({ values: row.values, references });
      const isStored = shape.registry.name === "lamindb_artifact" &&
        converted["storage_id"] === this.ownStorageId &&
        this.#managedThere.has(row.references["storage_id"] ?? "");
      return {
        row: isStored ? { ...converted, ...placeInStore(row, content) } : converted,
        state: { identity: state.identity, digest: state.digest },
      };
    };
  }

  #idOf({ shape }: TablePlan, row: PortableRow, column: string): number | undefined {
    const known = idOfReference(this.plan, shape, row, column);
    if (known !== undefined) return known;
    const identity = row.references[column] ?? null;
    const table = shape.references.get(column)!;
    return identity === null ? undefined : this.#ids.get(table)?.get(identity);
  }

  #attempt<T>({ shape: { registry } }: TablePlan, row: PortableRow, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Obstacle)) throw error;
      this.#refused.push({
        table: registry.name,
        identity: row.identity,
        name: String(row.values[registry.nameField ?? "uid"] ?? row.values["uid"] ?? row.id),
        reason: `its ${error.column} ${error.problem}`,
      });
      return undefined;
    }
  }
}

type Content = PortableContent | undefined;

interface State {
  readonly identity: string;
  readonly digest: string;
}

function sourceOf({ source }: Difference): SourceRow {
  return source!;
}
