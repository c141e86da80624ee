import { beside, type Database, type Reader } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { Host } from "../../../store/host/host.ts";
import { laminLedger, laminRevision } from "../tables.ts";
import { emptyPlan, type TableIds, type TablePlan } from "../plan/table_plan.ts";
import type { Identities } from "../rows/identities.ts";
import { rowsInWords } from "../rows/rows_in_words.ts";
import type { RowShape } from "../rows/shape.ts";
import { CopiedStates } from "./copied_states.ts";
import { NotCopied } from "./not_copied.ts";

/** From so many rows on it pays to let the database copy a table. */
const copiedMin = 2000;

/** From so many times that another thread reads what they are meanwhile. */
const readBesideTimes = 10;

/** Of these every instance has rows of its own. */
const neverCopied = new Set([
  "lamindb_user",
  "lamindb_space",
  "lamindb_branch",
  "lamindb_storage",
]);

/** A table of the source whose rows the database copies. */
export interface CopiedTable {
  readonly count: number;
  /** The lowest and the highest id there. */
  readonly first: number;
  readonly last: number;
}

/** What is known of a source whose file lies beside the target. */
export interface CopyRequest {
  /** Within the target's transaction. */
  readonly reader: Reader;
  readonly shapes: ReadonlyMap<string, RowShape>;
  /** Identities of the rows of the source. */
  readonly identities: Identities;
  /** Uid of the source, where the target keeps the notes of it. */
  readonly notedAs: string | undefined;
  /** The file of the source, for another thread to read. */
  readonly file: string;
  /** Rows that a table has to have at least to be copied. */
  readonly least?: number | undefined;
}

/**
 * Decides which tables of a source are copied into empty ones of the target by SQLite itself,
 * instead of row by row: those of which nothing was noted that would have to be minded. What their
 * rows are is looked at when they are in the target's own tables.
 */
export class Copying {
  #present: ReadonlySet<string> | undefined;

  constructor(private readonly request: CopyRequest) {}

  get identities(): Identities {
    return this.request.identities;
  }

  get notedAs(): string | undefined {
    return this.request.notedAs;
  }

  /**
   * Begins to read the rows of copied tables on another thread, where they are many; undefined
   * where they are read when they are here.
   */
  async beginStates(
    host: Host,
    tables: readonly { readonly shape: RowShape; readonly copied: CopiedTable }[],
  ): Promise<CopiedStates | undefined> {
    const { reader, file, shapes, least = copiedMin } = this.request;
    const total = tables.reduce((sum, { copied: { count } }) => sum + count, 0);
    if (total < readBesideTimes * least) return undefined;
    const request = { host, file, reader, shapes };
    return await CopiedStates.begin(request, tables.map(({ shape }) => shape));
  }

  /** The plan for a table that is copied; undefined for one that is compared row by row. */
  async take(
    shape: RowShape,
  ): Promise<{ readonly plan: TablePlan; readonly targetIds: TableIds } | undefined> {
    const { reader, shapes, least = copiedMin } = this.request;
    const { name } = shape.registry;
    const present = this.#present ??= await reader.tablesAmong([...shapes.keys()]);
    if (neverCopied.has(name) || !present.has(name)) return undefined;
    if (rowsInWords(shape, shapes, present) === undefined || !await this.#isAlike(name)) {
      return undefined;
    }
    const there = `${beside}.${quote(name)}`;
    const found = await reader.first<CopiedTable & { isFilled: number }>(
      `SELECT count(*) AS count, min(id) AS first, max(id) AS last,
         EXISTS (SELECT 1 FROM ${quote(name)}) AS "isFilled" FROM ${there} NOT INDEXED`,
    );
    if (found === undefined || found.count < Math.max(least, 1) || found.isFilled) return undefined;
    if (!Number.isSafeInteger(found.first) || !Number.isSafeInteger(found.last)) return undefined;
    if (await this.#isNoted(name)) return undefined;
    const { count, first, last } = found;
    const plan = { ...emptyPlan(shape), copied: { count, first, last } };
    return { plan, targetIds: new Map() };
  }

  /** Whether a name means a table on both sides, with columns of the same types. */
  async #isAlike(name: string): Promise<boolean> {
    const columnsIn = async (schema: string) => {
      const rows = await this.request.reader.all<{ name: string; type: string }>(
        `SELECT name, lower(type) AS type FROM pragma_table_xinfo(?, ?) WHERE hidden = 0`,
        [name, schema],
      );
      return rows.map(({ name, type }) => `${name} ${type}`).sort().join("\n");
    };
    return await isTableBeside(this.request.reader, name) &&
      await columnsIn("main") === await columnsIn(beside);
  }

  /** Whether rows of the table were changed or taken away since others met them. */
  async #isNoted(name: string): Promise<boolean> {
    const { reader } = this.request;
    const own = await reader.tablesAmong([laminLedger.name, laminRevision.name]);
    for (const table of own) {
      const sql = `SELECT 1 AS one FROM ${quote(table)} WHERE table_name = ?`;
      if (await reader.first(sql, [name]) !== undefined) return true;
    }
    if (!await isTableBeside(reader, laminRevision.name)) return false;
    const sql = `SELECT 1 AS one FROM ${beside}.lamin_revision WHERE owner = '' AND table_name = ?`;
    return await reader.first(sql, [name]) !== undefined;
  }
}

/** Uids of the rows of a table that is copied, in the order of their ids. */
export async function copiedUids(reader: Reader, table: string): Promise<string[]> {
  const sql = `SELECT uid FROM ${beside}.${quote(table)} NOT INDEXED ORDER BY id`;
  return (await reader.all<{ uid: string }>(sql)).map(({ uid }) => uid);
}

/** Whether a name means a table of the file beside the database, and no view. */
export async function isTableBeside(reader: Reader, name: string): Promise<boolean> {
  const sql = `SELECT 1 AS one FROM ${beside}.sqlite_schema
    WHERE type = 'table' AND name = ? AND rootpage > 0`;
  return await reader.first(sql, [name]) !== undefined;
}

/**
 * Does work with the file of a source beside the target, where there is one. When something turns
 * out to be odd, all that was done is taken back, and the work is done again without.
 */
export async function maybeBeside<T>(
  database: Database,
  file: string | undefined,
  work: (file: string | undefined) => Promise<T>,
): Promise<T> {
  if (file === undefined || database.withBeside === undefined) return await work(undefined);
  let isBegun = false;
  try {
    return await database.withBeside(file, () => {
      isBegun = true;
      return work(file);
    });
  } catch (error) {
    if (isBegun && !(error instanceof NotCopied)) throw error;
  }
  return await work(undefined);
}
