import { beside } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import { rebuiltMin } from "../../artifact/add/apply.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Changes } from "../../operation/changes.ts";
import { laminContent } from "../../side_tables.ts";
import { lastIds, type NewIds } from "../apply/new_ids.ts";
import { Ledgers } from "../ledger/ledgers.ts";
import { sideOf } from "../open_side.ts";
import type { SyncPlan } from "../plan/sync_plan.ts";
import type { TablePlan } from "../plan/table_plan.ts";
import type { RowShape } from "../rows/shape.ts";
import { contentsBeside, copyContents, placesInStore } from "./copied_contents.ts";
import { noteCopied } from "./copied_ledger.ts";
import type { CopiedStates } from "./copied_states.ts";
import type { CopiedTable, Copying } from "./copying.ts";
import { idsOfCopies, idsOfOthers, type NewIdOf } from "./new_ids_of_copies.ts";
import { NotCopied } from "./not_copied.ts";
import { requireSound } from "./odd_rows.ts";

/** A table that is copied. */
type Copied = TablePlan & { readonly copied: CopiedTable };

/** The tables of a plan that the database copies. */
export class Copies {
  readonly #tables: readonly Copied[];
  #lasts: ReadonlyMap<string, number> = new Map();
  readonly #newIds = new Map<string, Promise<NewIdOf>>();
  #chosen: NewIds = new Map();
  #states: CopiedStates | undefined;

  constructor(
    private readonly plan: SyncPlan,
    private readonly copying: Copying,
    private readonly changes: Changes,
    private readonly instance: Instance,
  ) {
    this.#tables = [...plan.tables.values()].filter((one) => one.copied !== undefined) as Copied[];
  }

  /** Ids of artifacts that are copied, as ranges. */
  get artifacts(): [first: number, last: number][] {
    return this.#tables.filter(({ shape }) => shape.registry.name === "lamindb_artifact")
      .map((one) => this.#rangeOf(one));
  }

  /** Adds those of the new ids that rows which are not copied need; `ids` are all others. */
  async prepare(ids: NewIds): Promise<NewIds> {
    this.#lasts = await lastIds(
      this.changes.reader,
      this.#tables.map(({ shape }) => shape.registry.name),
    );
    const needed = [...this.plan.tables.values()]
      .filter(({ missing, newer }) => missing.length + newer.length > 0)
      .flatMap(({ shape }) => [...shape.references.values()]);
    const added = new Map<string, Map<string, number>>();
    for (const one of this.#tables) {
      const { name } = one.shape.registry;
      if (!needed.includes(name)) continue;
      const known = await this.copying.identities.of(name);
      let [id] = this.#rangeOf(one);
      const inOrder = [...known].sort(([a], [b]) => a - b);
      added.set(name, new Map(inOrder.map(([, identity]) => [identity, id++])));
    }
    this.#states = await this.copying.beginStates(this.instance.host, this.#tables);
    return this.#chosen = new Map([...ids, ...added]);
  }

  /** Copies a table. */
  async insert({ shape }: TablePlan): Promise<void> {
    const one = this.#tables.find((other) => other.shape === shape)!;
    const { registry } = shape;
    const isArtifact = registry.name === "lamindb_artifact";
    const work = async () => {
      await this.#insertRows(one);
      if (!isArtifact) return;
      const { source } = this.plan.request;
      await copyContents(this.changes, source.rows, await this.#newIdOf(registry.name));
    };
    const tables = isArtifact ? [registry, laminContent] : [registry];
    const { count } = one.copied;
    if (count < rebuiltMin) await work();
    else await this.changes.writer.withoutIndexes({ tables, kept: [], count }, work);
  }

  /** Looks at what all copied rows are, once they are all there, and notes it. */
  async finish(): Promise<void> {
    const { reader, writer } = this.changes;
    const { shapes, hashing } = this.plan.request;
    const ledgers = new Ledgers(reader, "");
    const { rows } = sideOf(this.instance, reader, ledgers, shapes, hashing);
    for (const one of this.#tables) {
      const { shape, copied: { count, first, last } } = one;
      const { name } = shape.registry;
      const [firstHere] = this.#rangeOf(one);
      await this.#requireAll(shape);
      const isSame = first === firstHere && last - first + 1 === count;
      const source = this.copying.notedAs;
      const table = { table: name, source, idsThere: isSame ? undefined : await this.#idsIn(name) };
      if (this.#states?.has(name)) {
        await noteCopied(writer, table, this.#states.next(shape, firstHere, rows));
      } else {
        await requireSound(reader, shape);
        await noteCopied(writer, table, rows.states(name));
      }
    }
  }

  async close(): Promise<void> {
    await this.#states?.close();
  }

  #rangeOf({ shape, copied }: Copied): [first: number, last: number] {
    const last = this.#lasts.get(shape.registry.name)!;
    return [last + 1, last + copied.count];
  }

  async #insertRows(one: Copied): Promise<void> {
    const { registry, references } = one.shape;
    const { name } = registry;
    const places = name === "lamindb_artifact" ? await this.#storedThere() : undefined;
    const columns = Object.keys(registry.columns);
    const values = await Promise.all(columns.map(async (column) => {
      const value = `row.${quote(column)}`;
      if (column === "id") return (await this.#newIdOf(name))(value);
      if (references.has(column)) return (await this.#newIdOfReference(one.shape, column))(value);
      const place = placesInStore[column];
      if (places === undefined || place === undefined) return value;
      return `CASE WHEN row.storage_id IN (${places.join()}) THEN ${place} ELSE ${value} END`;
    }));
    const joined = places === undefined
      ? ""
      : ` LEFT JOIN ${await contentsBeside(this.changes.reader)}`;
    try {
      await this.changes.writer.run(
        `INSERT INTO ${quote(name)} (${columns.map(quote).join(", ")})
         SELECT ${values.join(", ")}
         FROM ${beside}.${quote(name)} AS row NOT INDEXED${joined} ORDER BY row.id`,
      );
    } catch (error) {
      // Whatever it is, it shows again where rows come one by one, and can be said there.
      throw new NotCopied(`${name} does not fit`, { cause: error });
    }
    this.changes.inserted(registry, ...this.#rangeOf(one));
  }

  #newIdOf(table: string): Promise<NewIdOf> {
    let known = this.#newIds.get(table);
    if (known === undefined) this.#newIds.set(table, known = this.#makeNewIdOf(table));
    return known;
  }

  async #makeNewIdOf(table: string): Promise<NewIdOf> {
    const { writer } = this.changes;
    const one = this.#tables.find(({ shape }) => shape.registry.name === table);
    if (one !== undefined) {
      return await idsOfCopies(writer, table, one.copied, this.#lasts.get(table)!);
    }
    return await idsOfOthers(writer, table, await this.#idsOf(table, () => undefined));
  }

  /** Artifacts go to other storages than rows that say something of their storage. */
  async #newIdOfReference({ registry, references }: RowShape, column: string): Promise<NewIdOf> {
    const table = references.get(column)!;
    if (registry.name !== "lamindb_artifact" || column !== "storage_id") {
      return await this.#newIdOf(table);
    }
    const { idFor } = this.plan.request.storages;
    return await idsOfOthers(this.changes.writer, "places", await this.#idsOf(table, idFor));
  }

  /** Ids of rows that are not copied: there, and here. */
  async #idsOf(
    table: string,
    idFor: (identity: string) => number | undefined,
  ): Promise<[there: number, here: number][]> {
    const chosen = this.#chosen.get(table);
    const found: [number, number][] = [];
    for (const [id, identity] of await this.copying.identities.of(table)) {
      const here = idFor(identity) ?? this.plan.idOf(table, identity) ?? chosen?.get(identity);
      if (here !== undefined) found.push([id, here]);
    }
    return found;
  }

  /** Ids of those storages of the source whose artifacts go to the target's own. */
  async #storedThere(): Promise<number[]> {
    const { request: { storages, source } } = this.plan;
    const managed = await source.rows.managedStorages();
    const known = await this.copying.identities.of("lamindb_storage");
    const places = await this.#idsOf("lamindb_storage", storages.idFor);
    const { id } = this.instance.ownStorage;
    return places.filter(([there, here]) => here === id && managed.has(known.get(there)!))
      .map(([there]) => there);
  }

  async #idsIn(table: string): Promise<number[]> {
    const rows = await this.changes.reader.all<{ id: number }>(
      `SELECT id FROM ${beside}.${quote(table)} NOT INDEXED ORDER BY id`,
    );
    return rows.map(({ id }) => id);
  }

  /** Whether no row and no reference was lost on the way. Throws {@link NotCopied}. */
  async #requireAll({ registry: { name }, references }: RowShape): Promise<void> {
    const counts = ["count(*)", ...[...references.keys()].map((one) => `count(${quote(one)})`)]
      .map((count, index) => `${count} AS c${index}`).join(", ");
    const { reader } = this.changes;
    const there = await reader.first(
      `SELECT ${counts} FROM ${beside}.${quote(name)} NOT INDEXED`,
    );
    const here = await reader.first(`SELECT ${counts} FROM ${quote(name)} NOT INDEXED`);
    const isAll = JSON.stringify(there) === JSON.stringify(here);
    if (!isAll) throw new NotCopied(`rows of ${name} refer to what did not come along`);
  }
}
