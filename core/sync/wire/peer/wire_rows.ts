import type { Hashing } from "../../../../store/host/host.ts";
import { portableState } from "../../rows/digest.ts";
import { type RowHash, rowHash } from "../../rows/row_hash.ts";
import type {
  PortableContent,
  PortableRow,
  RowSource,
  RowState,
  VersionState,
} from "../../rows/row_source.ts";
import type { RowShape } from "../../rows/shape.ts";
import { type Channel, linesOf } from "../channel.ts";
import { notSpoken } from "../frame.ts";
import { type Json, listIn, objectIn, wholeIn } from "../json.ts";
import { ChangedMeanwhile } from "./changed.ts";
import { contentIn, rowIn } from "./read_row.ts";
import { versionsIn } from "./read_versions.ts";
import type { RowSpool } from "./row_spool.ts";
import type { Snapshot } from "./snapshot.ts";

/** What {@link WireRows} reads with. */
export interface RowTools {
  readonly channel: Channel;
  readonly shapes: ReadonlyMap<string, RowShape>;
  readonly hashing: Hashing;
  readonly spool: RowSpool;
}

/** Rows that are asked for together. */
const batchSize = 2000;

/**
 * The rows of an instance behind a connection, as they were in one state of it. Whatever comes is
 * hashed again and compared with that state.
 */
export class WireRows implements RowSource {
  readonly engine: Snapshot["engine"];
  readonly #hash: RowHash;
  readonly #versions = new Map<string, Map<number, VersionState[]>>();

  constructor(private readonly tools: RowTools, private readonly snapshot: Snapshot) {
    this.engine = snapshot.engine;
    this.#hash = rowHash(tools.hashing);
  }

  filled(): Promise<ReadonlySet<string>> {
    return Promise.resolve(this.snapshot.filled());
  }

  async *states(table: string): AsyncIterable<readonly RowState[]> {
    yield* this.snapshot.states(table);
  }

  async *families(table: string): AsyncIterable<readonly RowState[]> {
    yield* this.snapshot.states(table, "families");
  }

  async versions(
    table: string,
    ids: readonly number[],
  ): Promise<ReadonlyMap<number, VersionState[]>> {
    const known = this.#versions.get(table) ?? new Map<number, VersionState[]>();
    this.#versions.set(table, known);
    const families = this.snapshot.byIdentity(table, "families");
    const unknown = ids.filter((id) => !known.has(id));
    for (let start = 0; start < unknown.length; start += batchSize) {
      const batch = unknown.slice(start, start + batchSize);
      for await (const line of this.#lines("versions", { table, ids: batch })) {
        const [id, versions] = listIn(line, 2);
        known.set(wholeIn(id), versionsIn(versions, table, this.#hash, families));
      }
    }
    return new Map(ids.map((id) => {
      const versions = known.get(id);
      if (versions === undefined) throw new ChangedMeanwhile();
      return [id, versions];
    }));
  }

  async *rows(table: string, ids: readonly number[]): AsyncIterable<PortableRow> {
    const shape = this.tools.shapes.get(table);
    if (shape === undefined) return;
    for (let start = 0; start < ids.length; start += batchSize) {
      const batch = ids.slice(start, start + batchSize);
      await this.fetch(table, batch);
      for (const id of batch.toSorted((a, b) => a - b)) yield this.#row(shape, id);
    }
  }

  /** Lets rows come, so that they are here when they are asked for. */
  async fetch(table: string, ids: readonly number[]): Promise<void> {
    const { spool, shapes } = this.tools;
    const shape = shapes.get(table);
    if (shape === undefined || ids.length === 0) return;
    const stateOf = portableState(shape, this.#hash);
    const states = this.snapshot.byId(table);
    for (let start = 0; start < ids.length; start += batchSize) {
      const batch = ids.slice(start, start + batchSize).filter((id) => !spool.has(table, id));
      if (batch.length === 0) continue;
      const wanted = new Set(batch);
      for await (const line of this.#lines("rows", { table, ids: batch })) {
        const id = wholeIn(objectIn(line)["id"]);
        if (!wanted.delete(id)) throw notSpoken();
        requireSame(stateOf(rowIn(shape, line)), states.get(id));
        spool.put(table, id, line);
      }
      if (wanted.size > 0) throw new ChangedMeanwhile();
    }
  }

  /** What stands for a row that has a uid is that. */
  uids(table: string, ids: readonly number[]): Promise<string[]> {
    const states = this.snapshot.byId(table);
    const sorted = ids.toSorted((a, b) => a - b);
    return Promise.resolve(sorted.flatMap((id) => states.get(id)?.identity ?? []));
  }

  async *contents(ids: readonly number[]): AsyncIterable<PortableContent> {
    const table = "lamindb_artifact";
    const states = this.snapshot.byId(table);
    for (let start = 0; start < ids.length; start += batchSize) {
      const batch = ids.slice(start, start + batchSize);
      await this.fetch(table, batch);
      for (const id of batch) {
        const { identity } = states.get(id)!;
        const { content } = objectIn(this.tools.spool.get(table, id));
        if (content === undefined) continue;
        const known = contentIn(this.tools.hashing, identity, content);
        if (known !== undefined) yield known;
      }
    }
  }

  managedStorages(): Promise<ReadonlySet<string>> {
    return Promise.resolve(this.snapshot.managed);
  }

  #row(shape: RowShape, id: number): PortableRow {
    const { name } = shape.registry;
    return {
      ...this.snapshot.byId(name).get(id)!,
      ...rowIn(shape, this.tools.spool.get(name, id)),
    };
  }

  async *#lines(op: string, args: Readonly<Record<string, Json>>): AsyncGenerator<Json> {
    yield* linesOf(await this.tools.channel.call(op, args));
  }
}

function requireSame(
  found: { readonly identity: string; readonly digest: string },
  known: RowState | undefined,
): void {
  if (known?.identity === found.identity && known.digest === found.digest) return;
  throw new ChangedMeanwhile();
}
