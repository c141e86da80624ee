import type { Reader, SqlRow } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Registry } from "../../registry/registry.ts";
import { idsOfFamilies } from "../../version/family.ts";
import { stemUid } from "../../identity/uid.ts";
import type { Selection } from "../plan/sync_plan.ts";
import { ownedByTable, type OwnedRows } from "./owned.ts";

/** Ids that are looked up at once. */
const batchSize = 5000;

/**
 * Everything that records need to mean the same elsewhere: what they point to, their links and
 * notes, all versions of artifacts, and their ancestry: the runs that made them with what those
 * read. `start` are ids by table.
 */
export async function closureOf(
  reader: Reader,
  registries: readonly Registry[],
  start: ReadonlyMap<string, readonly number[]>,
): Promise<Selection> {
  const closure = new Closure(reader, registries);
  for (const [table, ids] of start) closure.add(table, ids);
  await closure.complete();
  return closure.selected;
}

class Closure {
  readonly selected = new Map<string, Set<number>>();
  readonly #pending = new Map<string, number[]>();
  readonly #byTable: ReadonlyMap<string, Registry>;
  readonly #owned: ReadonlyMap<string, readonly OwnedRows[]>;

  constructor(private readonly reader: Reader, registries: readonly Registry[]) {
    this.#byTable = new Map(registries.map((registry) => [registry.name, registry]));
    this.#owned = ownedByTable(registries);
  }

  add(table: string, ids: Iterable<number>): void {
    if (!this.#byTable.has(table)) return;
    const known = this.selected.get(table) ?? new Set();
    this.selected.set(table, known);
    const pending = this.#pending.get(table) ?? [];
    for (const id of ids) {
      if (known.has(id)) continue;
      known.add(id);
      pending.push(id);
    }
    if (pending.length > 0) this.#pending.set(table, pending);
  }

  async complete(): Promise<void> {
    for (;;) {
      const [next] = this.#pending;
      if (next === undefined) return;
      const [table, ids] = next;
      this.#pending.delete(table);
      for (let begin = 0; begin < ids.length; begin += batchSize) {
        await this.#follow(this.#byTable.get(table)!, ids.slice(begin, begin + batchSize));
      }
    }
  }

  async #follow(registry: Registry, ids: readonly number[]): Promise<void> {
    const list = this.reader.dialect.valuesOf(ids);
    const foreign = Object.entries(registry.columns).flatMap(([name, { references }]) =>
      references === undefined ? [] : [[name, references.table] as const]
    );
    if (foreign.length > 0) {
      const names = foreign.map(([name]) => quote(name)).join(", ");
      const rows = this.reader.iterate<SqlRow>(
        `SELECT ${names} FROM ${quote(registry.name)} WHERE id IN (${list.sql})`,
        list.parameters,
      );
      const found = new Map(foreign.map(([name]) => [name, new Set<number>()]));
      for await (const row of rows) {
        for (const [name] of foreign) {
          if (row[name] !== null) found.get(name)!.add(Number(row[name]));
        }
      }
      for (const [name, table] of foreign) this.add(table, found.get(name)!);
    }
    for (const { registry: owned, column } of this.#owned.get(registry.name) ?? []) {
      if (!(await this.reader.hasTable(owned.name))) continue;
      const rows = await this.reader.all<{ id: number }>(
        `SELECT id FROM ${quote(owned.name)} WHERE ${quote(column)} IN (${list.sql})`,
        list.parameters,
      );
      this.add(owned.name, rows.map(({ id }) => Number(id)));
    }
    if (registry.name === "lamindb_artifact") await this.#addVersions(registry.name, ids);
  }

  async #addVersions(table: string, ids: readonly number[]): Promise<void> {
    const { dialect } = this.reader;
    const list = dialect.valuesOf(ids);
    const rows = await this.reader.all<{ uid: string }>(
      `SELECT uid FROM ${quote(table)} WHERE id IN (${list.sql})`,
      list.parameters,
    );
    const stems = dialect.valuesOf([...new Set(rows.map(({ uid }) => stemUid(uid)))]);
    const versions = await this.reader.all<{ id: number }>(
      `SELECT id FROM ${quote(table)} WHERE id ${
        dialect.among(idsOfFamilies(dialect, table, stems.sql))
      }`,
      stems.parameters,
    );
    this.add(table, versions.map(({ id }) => Number(id)));
  }
}
