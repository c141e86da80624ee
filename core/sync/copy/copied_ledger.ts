import { beside, type Writer } from "../../../store/database/database.ts";
import { type Entry, ledgerChunk, textOf } from "../ledger/ledger.ts";
import type { RowSource } from "../rows/row_source.ts";
import { laminLedger } from "../tables.ts";
import { isTableBeside } from "./copying.ts";
import { NotCopied } from "./not_copied.ts";

/** Whose notes are made of a copied table, and of what. */
export interface CopiedLedger {
  readonly table: string;
  /** Uid of the source, where it keeps no notes itself and the target does. */
  readonly source: string | undefined;
  /** The ids at the source, in order; undefined where they are the same. */
  readonly idsThere: readonly number[] | undefined;
}

/**
 * Notes what copied rows are, of the target and, with the ids there, of the source. Throws
 * {@link NotCopied} where the source noted something else, so that rows changed since.
 */
export async function noteCopied(
  writer: Writer,
  { table, source, idsThere }: CopiedLedger,
  states: ReturnType<RowSource["states"]>,
): Promise<void> {
  const noted = await notedAt(writer, table);
  let [index, checked] = [0, 0];
  const check = (chunk: number, entries: string) => {
    checked++;
    const isSame = noted.size === 0 || noted.get(chunk) === entries;
    if (!isSame) throw new NotCopied("rows changed since they were noted");
  };
  const owners = source === undefined ? [] : [source];
  const [here, there] = idsThere === undefined
    ? [new Chunks(writer, ["", ...owners], table, check), undefined]
    : [new Chunks(writer, [""], table), new Chunks(writer, owners, table, check)];
  for await (const some of states) {
    for (const { id, identity, digest } of some) {
      const entry: Entry = [identity, digest];
      await here.add(id, entry);
      await there?.add(idsThere![index++]!, entry);
    }
  }
  await here.end();
  await there?.end();
  if (noted.size > 0 && noted.size !== checked) throw new NotCopied("rows are gone");
}

/** What the source noted of its own rows once, by chunk. */
async function notedAt(writer: Writer, table: string): Promise<ReadonlyMap<number, string>> {
  if (!await isTableBeside(writer, laminLedger.name)) return new Map();
  const rows = await writer.all<{ chunk: number; entries: string }>(
    `SELECT chunk, entries FROM ${beside}.lamin_ledger WHERE owner = '' AND table_name = ?`,
    [table],
  );
  // What has no rows any more says nothing.
  const filled = rows.filter(({ entries }) => entries !== "{}");
  return new Map(filled.map(({ chunk, entries }) => [chunk, entries]));
}

/** Chunks of a ledger, each written as soon as it is complete. */
class Chunks {
  #chunk = NaN;
  #entries = new Map<number, Entry>();

  constructor(
    private readonly writer: Writer,
    private readonly owners: readonly string[],
    private readonly table: string,
    private readonly onChunk: (chunk: number, entries: string) => void = () => {},
  ) {}

  async add(id: number, entry: Entry): Promise<void> {
    const chunk = ledgerChunk(id);
    if (chunk !== this.#chunk) await this.end();
    this.#chunk = chunk;
    this.#entries.set(id, entry);
  }

  async end(): Promise<void> {
    if (this.#entries.size === 0) return;
    const [chunk, entries] = [this.#chunk, textOf(this.#entries)];
    this.#entries = new Map();
    this.onChunk(chunk, entries);
    const table_name = this.table;
    await this.writer.insert(
      laminLedger,
      this.owners.map((owner) => ({ owner, table_name, chunk, entries })),
    );
  }
}
