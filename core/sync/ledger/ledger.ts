import type { Reader, Writer } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import type { RowState } from "../rows/row_source.ts";
import { laminLedger, laminRevision, type LedgerRow, type RevisionRow } from "../tables.ts";
import { followedBy, joined, type Past, untouched } from "./past.ts";

/** Ids of a table whose entries are kept together. */
const chunkSize = 512;

/** What is noted of a row, by its id. */
export type Entry = readonly [identity: string, digest: string];

/** The chunk that an id's notes are in. */
export function ledgerChunk(id: number): number {
  return Math.floor(id / chunkSize);
}

/** What was noted of the rows of one table, and what is to be noted now. */
export class TableLedger {
  readonly #chunks: Map<number, Map<number, Entry>>;
  readonly #changedChunks = new Set<number>();
  readonly #pasts: Map<string, Past>;
  readonly #changedPasts = new Set<string>();
  readonly #seen = new Set<number>();
  #isSeen = false;

  private constructor(
    private readonly owner: string,
    private readonly table: string,
    private readonly chunkRows: ReadonlyMap<number, LedgerRow>,
    private readonly pastRows: ReadonlyMap<string, RevisionRow>,
    private readonly undone: ReadonlySet<number> = new Set(),
  ) {
    this.#chunks = new Map([...chunkRows].map(([chunk, row]) => [chunk, entriesOf(row)]));
    this.#pasts = new Map([...pastRows].map(([identity, row]) => [identity, pastOf(row)]));
  }

  /** The ledger that `owner` has of a table of which nothing was noted. */
  static empty(owner: string, table: string): TableLedger {
    return new TableLedger(owner, table, new Map(), new Map());
  }

  /**
   * Reads the ledger that `owner` has of a table. `undone` are ids of rows whose arrival was
   * undone.
   */
  static async read(
    reader: Reader,
    owner: string,
    table: string,
    undone?: ReadonlySet<number>,
  ): Promise<TableLedger> {
    const where = "owner = ? AND table_name = ?";
    const chunks = await reader.select(laminLedger, where, [owner, table]);
    const pasts = await reader.select(laminRevision, where, [owner, table]);
    return new TableLedger(
      owner,
      table,
      new Map(chunks.map((row) => [row.chunk, row])),
      new Map(pasts.map((row) => [row.identity, row])),
      undone,
    );
  }

  /** A ledger of nothing but how some rows came to be, for one that is only looked at. */
  static ofPasts(pasts: ReadonlyMap<string, Past>): TableLedger {
    const ledger = TableLedger.empty("", "");
    for (const [identity, past] of pasts) ledger.#pasts.set(identity, past);
    return ledger;
  }

  /** Whether it says nothing of any row. */
  get isUnused(): boolean {
    return this.#chunks.size === 0 && this.#pasts.size === 0;
  }

  /** Takes over what another ledger of the same rows says of how they came to be. */
  learn(other: TableLedger): void {
    if (other.#pasts.size === 0) return;
    const known = new Map<string, Past>();
    for (const entries of this.#chunks.values()) {
      for (const [identity, digest] of entries.values()) known.set(identity, untouched(digest));
    }
    for (const [identity, past] of this.#pasts) known.set(identity, past);
    for (const [identity, past] of other.#pasts) {
      const own = known.get(identity);
      this.#setPast(identity, own === undefined ? past : joined(past.digest, past, own));
    }
  }

  /** Takes in what a row is now; gives how it came to be. */
  see({ id, identity, digest }: RowState): Past {
    this.#seen.add(id);
    const chunk = ledgerChunk(id);
    const entries = this.#entriesIn(chunk);
    const known = entries.get(id);
    if (known !== undefined && known[0] !== identity) this.#forget(known);
    if (known?.[0] !== identity || known[1] !== digest) {
      entries.set(id, [identity, digest]);
      this.#changedChunks.add(chunk);
    }
    const former = this.#pasts.get(identity) ??
      (known?.[0] === identity ? untouched(known[1]) : undefined);
    if (former === undefined) return untouched(digest);
    if (former.digest === digest) return former;
    return this.#setPast(identity, followedBy(former, digest));
  }

  /** Whether all rows were seen. */
  get isSeen(): boolean {
    return this.#isSeen;
  }

  /** To be called when all rows were seen: those that were not are gone. */
  endSeeing(): void {
    this.#isSeen = true;
    for (const [chunk, entries] of this.#chunks) {
      for (const [id, entry] of entries) {
        if (this.#seen.has(id)) continue;
        entries.delete(id);
        this.#changedChunks.add(chunk);
        if (!this.undone.has(id)) this.#forget(entry);
      }
    }
  }

  /** How a row came to be, or that it is gone; undefined where only its digest is known. */
  pastOf(identity: string): Past | undefined {
    return this.#pasts.get(identity);
  }

  /** How the row with an id in this instance came to be; undefined for none that was seen. */
  current(id: number): Past | undefined {
    const entry = this.#chunks.get(ledgerChunk(id))?.get(id);
    return entry && (this.#pasts.get(entry[0]) ?? untouched(entry[1]));
  }

  /** Rows that are gone. */
  *deleted(): Iterable<[identity: string, past: Past]> {
    for (const entry of this.#pasts) if (entry[1].digest === null) yield entry;
  }

  /** Notes what a row has become by a sync. */
  settle(id: number, identity: string, past: Past): void {
    if (past.digest !== null) {
      const chunk = ledgerChunk(id);
      this.#entriesIn(chunk).set(id, [identity, past.digest]);
      this.#changedChunks.add(chunk);
    }
    this.#setPast(identity, past);
  }

  /** Forgets what was noted of a row that gets another identity. */
  drop(id: number): void {
    const chunk = ledgerChunk(id);
    if (this.#entriesIn(chunk).delete(id)) this.#changedChunks.add(chunk);
  }

  /** Notes that a row is gone by a sync. */
  settleGone(id: number, identity: string, past: Past): void {
    const chunk = ledgerChunk(id);
    if (this.#entriesIn(chunk).delete(id)) this.#changedChunks.add(chunk);
    this.#setPast(identity, past);
  }

  /** Writes what changed. */
  async save(writer: Writer): Promise<void> {
    const { owner, table: table_name } = this;
    const newChunks: Omit<LedgerRow, "id">[] = [];
    for (const chunk of this.#changedChunks) {
      const row = this.chunkRows.get(chunk);
      const entries = textOf(this.#entriesIn(chunk));
      if (row === undefined) newChunks.push({ owner, table_name, chunk, entries });
      else if (row.entries !== entries) await writer.update(laminLedger, [row.id], { entries });
    }
    await writer.insert(laminLedger, newChunks);
    const newPasts: Omit<RevisionRow, "id">[] = [];
    for (const identity of this.#changedPasts) {
      const { digest, revision, past } = this.#pasts.get(identity)!;
      const row = this.pastRows.get(identity);
      const values = { digest, revision, past: JSON.stringify(past) };
      if (row === undefined) newPasts.push({ owner, table_name, identity, ...values });
      else await writer.update(laminRevision, [row.id], values);
    }
    await writer.insert(laminRevision, newPasts);
  }

  #entriesIn(chunk: number): Map<number, Entry> {
    let entries = this.#chunks.get(chunk);
    if (entries === undefined) this.#chunks.set(chunk, entries = new Map());
    return entries;
  }

  #forget([identity, digest]: Entry): void {
    const former = this.#pasts.get(identity) ?? untouched(digest);
    if (former.digest !== null) this.#setPast(identity, followedBy(former, null));
  }

  #setPast(identity: string, past: Past): Past {
    const isNews = past.past.length > 0 || past.digest === null || this.#pasts.has(identity);
    if (!isNews) return past;
    this.#pasts.set(identity, past);
    this.#changedPasts.add(identity);
    return past;
  }
}

function entriesOf({ entries }: LedgerRow): Map<number, Entry> {
  const value = parsed(entries) as Record<string, Entry>;
  return new Map(Object.entries(value).map(([id, entry]) => [Number(id), entry]));
}

/** Notes of a chunk as they are kept. */
export function textOf(entries: ReadonlyMap<number, Entry>): string {
  return JSON.stringify(Object.fromEntries(entries));
}

function pastOf({ digest, revision, past }: RevisionRow): Past {
  return { digest, revision, past: parsed(past) as string[] };
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new LaminError("damaged", "the notes of earlier syncs cannot be read", {
    hint: "without the tables lamin_ledger and lamin_revision they are made anew",
  });
}
