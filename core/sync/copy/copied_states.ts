import type { Reader } from "../../../store/database/database.ts";
import type { HashedRow, Host, RowHasher } from "../../../store/host/host.ts";
import type { RowSource, RowState } from "../rows/row_source.ts";
import { digitsKept } from "../rows/row_hash.ts";
import { nothingInWords, rowsInWords } from "../rows/rows_in_words.ts";
import type { RowShape } from "../rows/shape.ts";
import { isTableBeside } from "./copying.ts";
import { NotCopied } from "./not_copied.ts";
import { requireSound, soundBeside } from "./odd_rows.ts";

/** What reading rows on another thread needs. */
export interface ThreadRequest {
  readonly host: Host;
  /** The file of the source, as `Database.fixedFile` has it. */
  readonly file: string;
  /** Within the target's transaction, with that file beside. */
  readonly reader: Reader;
  readonly shapes: ReadonlyMap<string, RowShape>;
}

/**
 * What rows are that the database copies: another thread reads that at the source meanwhile, as it
 * takes as long as copying them. What references mean is the same there and here, and so are the
 * digests.
 */
export class CopiedStates {
  private constructor(
    private readonly hasher: RowHasher,
    private readonly tables: ReadonlySet<string>,
    private readonly reader: Reader,
  ) {}

  /** Begins to read tables, in their order; undefined where no other thread can. */
  static async begin(
    { host, file, reader, shapes }: ThreadRequest,
    tables: readonly RowShape[],
  ): Promise<CopiedStates | undefined> {
    const queries = [];
    const names = new Set<string>();
    for (const shape of tables) {
      const { registry: { name }, references, identity } = shape;
      const present = new Set([name]);
      for (const table of references.values()) {
        if (await isTableBeside(reader, table)) present.add(table);
      }
      const sql = rowsInWords(shape, shapes, present, soundBeside(shape));
      if (sql === undefined) continue;
      queries.push({ sql, hasUid: identity[0] === "uid" });
      names.add(name);
    }
    const hasher = await host.rowHasher(file, queries, digitsKept, nothingInWords);
    return hasher && new CopiedStates(hasher, names, reader);
  }

  /** Whether it reads a table. */
  has(table: string): boolean {
    return this.tables.has(table);
  }

  /**
   * The states of copied rows of the next table, whose ids here begin with `first` and follow each
   * other; `rows` are those of the target. Throws {@link NotCopied} when the thread failed, or as
   * {@link requireSound}, which looks at what is odd in any way.
   */
  async *next(shape: RowShape, first: number, rows: RowSource): ReturnType<RowSource["states"]> {
    const { name } = shape.registry;
    let [id, isSound] = [first, true];
    try {
      for await (const some of this.hasher.rows()) {
        yield await statesOf(name, id, some, rows);
        id += some.length;
        isSound &&= !some.includes(null);
      }
    } catch (error) {
      throw error instanceof NotCopied
        ? error
        : new NotCopied(`${name} cannot be read`, { cause: error });
    }
    if (!isSound) await requireSound(this.reader, shape);
  }

  async close(): Promise<void> {
    await this.hasher.close();
  }
}

/** What was not told of rows is looked up here. */
async function statesOf(
  table: string,
  first: number,
  some: readonly HashedRow[],
  rows: RowSource,
): Promise<RowState[]> {
  const odd = some.flatMap((row, index) => row === null ? [first + index] : []);
  const found = new Map<number, RowState>();
  for await (const { id, identity, digest } of rows.rows(table, odd)) {
    found.set(id, { id, identity, digest });
  }
  return some.map((row, index) => {
    const id = first + index;
    const state = row === null ? found.get(id) : { id, identity: row[0], digest: row[1] };
    if (state === undefined) throw new NotCopied(`rows of ${table} are not where they should be`);
    return state;
  });
}
