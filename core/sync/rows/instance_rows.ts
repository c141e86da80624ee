import type { Dialect, Reader, SqlRow, SqlValue } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import { compareReader } from "./digest.ts";
import { Identities, identityIn } from "./identities.ts";
import type { RowHash } from "./row_hash.ts";
import type {
  PortableContent,
  PortableRow,
  RowSource,
  RowState,
  VersionState,
} from "./row_source.ts";
import { contentsOfRows } from "./row_contents.ts";
import type { RowShape } from "./shape.ts";
import { familyStates, versionsByFamily } from "./versions.ts";

/** What {@link InstanceRows} reads. */
export interface RowsOf {
  readonly reader: Reader;
  readonly shapes: ReadonlyMap<string, RowShape>;
  readonly hash: RowHash;
  /** Ids of the storages that the instance writes to. */
  readonly managedStorageIds: readonly number[];
  /** The storage beside the database, with the root where it was found. */
  readonly ownStorage: { readonly id: number; readonly root: string };
}

/** Rows that are asked for together. */
const batchSize = 2000;

/** The rows of an open instance, within one transaction of its database. */
export class InstanceRows implements RowSource {
  readonly engine: Dialect["name"];
  readonly identities: Identities;
  #filled: Promise<ReadonlySet<string>> | undefined;

  constructor(private readonly parts: RowsOf) {
    this.engine = parts.reader.dialect.name;
    this.identities = new Identities(parts.reader, parts.shapes, parts.hash);
  }

  async *states(table: string): AsyncIterable<RowState> {
    const shape = await this.#shapeOf(table);
    if (shape === undefined) return;
    const describe = await this.#describer(shape);
    const columns = ["id", ...new Set([...shape.identity, ...shape.compared])];
    yield* mapped(this.#select(table, columns), describe);
  }

  async *families(table: string): AsyncIterable<RowState> {
    if (await this.#shapeOf(table) === undefined) return;
    yield* familyStates(this.parts.reader, table, await this.#branches(), this.parts.hash);
  }

  async versions(
    table: string,
    ids: readonly number[],
  ): Promise<ReadonlyMap<number, VersionState[]>> {
    return await versionsByFamily(this.parts.reader, table, ids, await this.#branches());
  }

  async *rows(table: string, ids: readonly number[]): AsyncIterable<PortableRow> {
    const shape = await this.#shapeOf(table);
    if (shape === undefined) return;
    const describe = await this.#describer(shape);
    const identify = await this.identities.identifierOf(shape);
    const targets = await Promise.all(
      [...shape.references].map(async ([column, target]) =>
        [column, await this.identities.of(target)] as const
      ),
    );
    const names = Object.keys(shape.registry.columns);
    for (let start = 0; start < ids.length; start += batchSize) {
      const list = this.parts.reader.dialect.valuesOf(ids.slice(start, start + batchSize));
      const where = `id IN (${list.sql})`;
      for await (const row of this.#select(table, names, where, list.parameters)) {
        const values = Object.fromEntries(shape.plain.map(([name]) => [name, row[name]!]));
        // Its row may still say where it was before somebody moved the folder.
        const { id, root } = this.parts.ownStorage;
        if (table === "lamindb_storage" && Number(row["id"]) === id) values["root"] = root;
        const references = Object.fromEntries(
          targets.map(([column, known]) => [column, identityIn(known, table, column, row)]),
        );
        yield {
          ...{ id: Number(row["id"]), identity: identify(row), values, references },
          // Most were asked for their states before: hashing again would be half of the work.
          get digest() {
            return describe(row).digest;
          },
        };
      }
    }
  }

  async uids(table: string, ids: readonly number[]): Promise<string[]> {
    const found: string[] = [];
    for (let start = 0; start < ids.length; start += batchSize) {
      const list = this.parts.reader.dialect.valuesOf(ids.slice(start, start + batchSize));
      const rows = await this.parts.reader.all<{ uid: string }>(
        `SELECT uid FROM ${quote(table)} WHERE id IN (${list.sql}) ORDER BY id`,
        list.parameters,
      );
      for (const { uid } of rows) found.push(uid);
    }
    return found;
  }

  async *contents(ids: readonly number[]): AsyncIterable<PortableContent> {
    const identities = await this.identities.of("lamindb_artifact");
    for (let start = 0; start < ids.length; start += batchSize) {
      yield* contentsOfRows(
        this.parts.reader,
        ids.slice(start, start + batchSize),
        (id) => identities.get(id)!,
      );
    }
  }

  async managedStorages(): Promise<ReadonlySet<string>> {
    const identities = await this.identities.of("lamindb_storage");
    return new Set(this.parts.managedStorageIds.map((id) => identities.get(id)!));
  }

  #branches(): Promise<ReadonlyMap<number, string>> {
    return this.identities.of("lamindb_branch");
  }

  /** Undefined for a table that the database has not, or nothing in it: most are empty. */
  async #shapeOf(table: string): Promise<RowShape | undefined> {
    const { reader, shapes } = this.parts;
    const filled = await (this.#filled ??= filledTables(reader, shapes.keys()));
    return filled.has(table) ? shapes.get(table) : undefined;
  }

  /** Columns that a database of another version lacks come as NULL. */
  async *#select(
    table: string,
    names: readonly string[],
    where = "TRUE",
    parameters: readonly SqlValue[] = [],
  ): AsyncIterable<SqlRow> {
    yield* this.parts.reader.iterate<SqlRow>(
      `SELECT ${names.map(quote).join(", ")} FROM ${quote(table)} WHERE ${where} ORDER BY id`,
      parameters,
    );
  }

  /** What gives the state of a row that has the columns for it. */
  async #describer(shape: RowShape): Promise<(row: SqlRow) => RowState> {
    const { registry, compared, references } = shape;
    const identify = await this.identities.identifierOf(shape);
    const readers = await Promise.all(compared.map(async (name) => {
      const target = references.get(name);
      if (target === undefined) {
        return compareReader(name, registry.columns[name]!);
      }
      const known = await this.identities.of(target);
      return (row: SqlRow) => identityIn(known, registry.name, name, row);
    }));
    const { hash } = this.parts;
    return (row) => ({
      id: Number(row["id"]),
      identity: identify(row),
      digest: hash(readers.map((read) => read(row))),
    });
  }
}

/** Those of some tables that the database has, and that have rows. */
async function filledTables(reader: Reader, tables: Iterable<string>): Promise<Set<string>> {
  const present: string[] = [];
  for (const table of tables) if (await reader.hasTable(table)) present.push(table);
  if (present.length === 0) return new Set();
  const questions = present.map((table, index) =>
    `EXISTS (SELECT 1 FROM ${quote(table)}) AS t${index}`
  );
  const answers = await reader.first(`SELECT ${questions.join(", ")}`) ?? {};
  return new Set(present.filter((_, index) => Boolean(answers[`t${index}`])));
}

async function* mapped<A, B>(all: AsyncIterable<A>, map: (one: A) => B): AsyncIterable<B> {
  for await (const one of all) yield map(one);
}
