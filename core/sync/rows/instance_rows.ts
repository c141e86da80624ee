import type { Dialect, Reader, SqlRow, SqlValue } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import { LaminError } from "../../../store/errors.ts";
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
import { nothingInWords, type RowInWords, rowsInWords } from "./rows_in_words.ts";
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
  #tables: Promise<Tables> | undefined;

  constructor(private readonly parts: RowsOf) {
    this.engine = parts.reader.dialect.name;
    this.identities = new Identities(parts.reader, parts.shapes, parts.hash);
  }

  async filled(): Promise<ReadonlySet<string>> {
    return (await this.#lookAtTables()).filled;
  }

  async *states(table: string): AsyncIterable<readonly RowState[]> {
    const shape = await this.#shapeOf(table);
    if (shape === undefined) return;
    const { present } = await this.#lookAtTables();
    const sql = this.engine === "sqlite"
      ? rowsInWords(shape, this.parts.shapes, present)
      : undefined;
    if (sql !== undefined) yield* this.#statesInWords(shape, sql);
    else yield* described(this.#select(table, stateColumns(shape)), await this.#describer(shape));
  }

  /** States of rows that the database puts in words, but for those that it cannot. */
  async *#statesInWords(shape: RowShape, sql: string): AsyncIterable<readonly RowState[]> {
    const { reader, hash } = this.parts;
    const { name } = shape.registry;
    const hasUid = shape.identity[0] === "uid";
    let describe: ((row: SqlRow) => RowState) | undefined;
    for (let last: number = Number.MIN_SAFE_INTEGER;;) {
      const rows = await reader.all<RowInWords>(sql, [last, batchSize]);
      const states: RowState[] = [];
      for (const { id, identity, words } of rows) {
        // Whoever made the table may have given it ids that have no order.
        if (typeof id !== "number" || id <= last) throw withoutOrder(name);
        last = id;
        if (isInWords(words) && (hasUid ? identity !== null : isInWords(identity))) {
          states.push({ id, identity: hasUid ? identity! : hash(identity!), digest: hash(words) });
          continue;
        }
        describe ??= await this.#describer(shape);
        const row = this.#select(name, stateColumns(shape), "id = ?", [id]);
        for await (const found of described(row, describe)) states.push(...found);
      }
      yield states;
      if (rows.length < batchSize) return;
    }
  }

  async *families(table: string): AsyncIterable<readonly RowState[]> {
    if (await this.#shapeOf(table) === undefined) return;
    yield await familyStates(this.parts.reader, table, await this.#branches(), this.parts.hash);
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
    for (let start = 0; start < ids.length; start += batchSize) {
      yield* contentsOfRows(this.parts.reader, ids.slice(start, start + batchSize));
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
    return (await this.filled()).has(table) ? this.parts.shapes.get(table) : undefined;
  }

  #lookAtTables(): Promise<Tables> {
    const { reader, shapes } = this.parts;
    return this.#tables ??= lookAtTables(reader, [...shapes.keys()]);
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

/** Which tables a database has, and which of them have rows. */
interface Tables {
  readonly present: ReadonlySet<string>;
  readonly filled: ReadonlySet<string>;
}

async function lookAtTables(reader: Reader, names: readonly string[]): Promise<Tables> {
  const present = await reader.tablesAmong(names);
  if (present.size === 0) return { present, filled: present };
  const questions = [...present].map((table, index) =>
    `EXISTS (SELECT 1 FROM ${quote(table)}) AS t${index}`
  );
  const answers = await reader.first(`SELECT ${questions.join(", ")}`) ?? {};
  const filled = new Set([...present].filter((_, index) => Boolean(answers[`t${index}`])));
  return { present, filled };
}

function stateColumns({ identity, compared }: RowShape): string[] {
  return ["id", ...new Set([...identity, ...compared])];
}

function isInWords(json: string | null): json is string {
  return json !== null && !json.includes(nothingInWords);
}

function withoutOrder(table: string): LaminError {
  return new LaminError("damaged", `the ids of ${table} are no whole numbers`, {
    hint: "'lamin fsck' says more",
    data: { table },
  });
}

/** States of rows, some at a time. */
async function* described(
  rows: AsyncIterable<SqlRow>,
  describe: (row: SqlRow) => RowState,
): AsyncIterable<readonly RowState[]> {
  let states: RowState[] = [];
  for await (const row of rows) {
    states.push(describe(row));
    if (states.length < batchSize) continue;
    yield states;
    states = [];
  }
  yield states;
}
