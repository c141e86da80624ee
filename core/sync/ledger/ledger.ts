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
  /** Those that were looked into: most say just what was seen, which their text tells. */
  readonly #chunks = new Map<number, Map<number, Entry>>();
  /** Those of which all rows were seen, as they were noted. */
  readonly #sameChunks = new Set<number>();
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
    return this.chunkRows.size === 0 && this.#chunks.size === 0 && this.#pasts.size === 0;
  }

  /** Takes over what another ledger of the same rows says of how they came to be. */
  learn(other: TableLedger): void {
    if (other.#pasts.size === 0) return;
    const known = new Map<string, Past>();
    for (const chunk of this.#allChunks()) {
      for (const [identity, digest] of this.#entriesIn(chunk).values()) {
        known.set(identity, untouched(digest));
      }
    }
    for (const [identity, past] of this.#pasts) known.set(identity, past);
    for (const [identity, past] of other.#pasts) {
      const own = known.get(identity);
      this.#setPast(identity, own === undefined ? past : joined(past.digest, past, own));
    }
  }

  /** Takes in what some rows are now; gives how each came to be. */
  see(states: readonly RowState[]): Past[] {
    const pasts: Past[] = [];
    for (let start = 0, end = 0; start < states.length; start = end) {
      const chunk = ledgerChunk(states[start]!.id);
      while (end < states.length && ledgerChunk(states[end]!.id) === chunk) end++;
      const run = states.slice(start, end);
      const isSame = this.#isAsNoted(chunk, run);
      for (const one of run) pasts.push(isSame ? this.#seeAgain(one) : this.#seeOne(chunk, one));
      if (isSame) this.#sameChunks.add(chunk);
    }
    return pasts;
  }

  /** Whether rows are all those of a chunk, and what was noted of them. */
  #isAsNoted(chunk: number, states: readonly RowState[]): boolean {
    if (this.#chunks.has(chunk)) return false;
    const text = this.chunkRows.get(chunk)?.entries;
    return text !== undefined &&
      text === textOf(new Map(states.map(({ id, identity, digest }) => [id, [identity, digest]])));
  }

  #seeAgain({ identity, digest }: RowState): Past {
    const former = this.#pasts.get(identity);
    if (former === undefined) return untouched(digest);
    return former.digest === digest ? former : this.#setPast(identity, followedBy(former, digest));
  }

  #seeOne(chunk: number, state: RowState): Past {
    const { id, identity, digest } = state;
    this.#seen.add(id);
    const entries = this.#entriesIn(chunk);
    const known = entries.get(id);
    if (known !== undefined && known[0] !== identity) this.#forget(known);
    if (known?.[0] !== identity || known[1] !== digest) {
      entries.set(id, [identity, digest]);
      this.#changedChunks.add(chunk);
    }
    if (known?.[0] !== identity || this.#pasts.has(identity)) return this.#seeAgain(state);
    return known[1] === digest
      ? untouched(digest)
      : this.#setPast(identity, followedBy(untouched(known[1]), digest));
  }

  /** Whether all rows were seen. */
  get isSeen(): boolean {
    return this.#isSeen;
  }

  /** To be called when all rows were seen: those that were not are gone. */
  endSeeing(): void {
    this.#isSeen = true;
    for (const chunk of this.#allChunks()) {
      if (this.#sameChunks.has(chunk)) continue;
      const entries = this.#entriesIn(chunk);
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
    const entry = this.#entriesIn(ledgerChunk(id)).get(id);
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
    if (entries === undefined) {
      const row = this.chunkRows.get(chunk);
      this.#chunks.set(chunk, entries = row === undefined ? new Map() : entriesOf(row));
    }
    return entries;
  }

  #allChunks(): ReadonlySet<number> {
    return new Set([...this.chunkRows.keys(), ...this.#chunks.keys()]);
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
