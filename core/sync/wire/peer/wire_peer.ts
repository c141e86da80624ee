import type { Hashing, Host } from "../../../../store/host/host.ts";
import type { Selection } from "../../plan/sync_plan.ts";
import type { RowShape } from "../../rows/shape.ts";
import type { Choice, SourcePeer, SourceState } from "../../source_peer.ts";
import { shapesWith } from "../../unknown/shapes_with.ts";
import { type Channel, linesOf } from "../channel.ts";
import { notSpoken } from "../frame.ts";
import { listIn, textIn, wholeIn } from "../json.ts";
import { ChangedMeanwhile } from "./changed.ts";
import { RowSpool } from "./row_spool.ts";
import { Snapshot } from "./snapshot.ts";
import { WireContents } from "./wire_contents.ts";
import { WireRows } from "./wire_rows.ts";

/** What a peer over a connection is made with. */
export interface WirePeerParts {
  readonly channel: Channel;
  readonly host: Host;
  readonly hashing: Hashing;
  readonly shapes: ReadonlyMap<string, RowShape>;
  readonly uid: string;
  readonly slug: string;
}

/** Uids that are asked about at once. */
const uidsAtOnce = 5000;

/**
 * An instance behind a connection as the source of a sync. Its state is read once; what is asked of
 * it later is compared with that, so that a change in between is noticed: then everything is read
 * and done anew, once.
 */
export class WirePeer implements SourcePeer {
  readonly uid: string;
  readonly slug: string;
  readonly contents: WireContents;
  readonly #spool: RowSpool;
  #state: Promise<SourceState> | undefined;

  constructor(private readonly parts: WirePeerParts) {
    this.uid = parts.uid;
    this.slug = parts.slug;
    this.contents = new WireContents(parts.channel, parts.hashing);
    this.#spool = new RowSpool(parts.host);
  }

  /** It notes nothing for others: what they are told of the past is enough. */
  async note(): Promise<void> {}

  async read<T>(work: (state: SourceState) => Promise<T>): Promise<T> {
    try {
      return await work(await (this.#state ??= this.#readState()));
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error;
      this.#spool.clear();
      return await work(await (this.#state = this.#readState()));
    }
  }

  /** To be called when nothing more is asked; the connection stays. */
  end(): void {
    this.#spool.close();
  }

  async #readState(): Promise<SourceState> {
    const snapshot = await this.#readSnapshot();
    const unknown = snapshot.unknown();
    const shapes = shapesWith(unknown, this.parts.shapes);
    const rows = new WireRows({ ...this.parts, shapes, spool: this.#spool }, snapshot);
    const ledger = (name: string) => Promise.resolve(snapshot.ledger(name));
    const selections = new Map<string, Promise<Selection>>();
    return {
      rows,
      ledger: snapshot.keepsNotes ? ledger : undefined,
      notes: snapshot.keepsNotes ? undefined : ledger,
      unknown,
      prefetch: async (table, ids, families) => {
        await rows.fetch(table, ids);
        await rows.versions(table, families);
      },
      select: (choice) => {
        const key = JSON.stringify(choice);
        const known = selections.get(key) ?? this.#select(choice);
        selections.set(key, known);
        return known;
      },
      latestAmong: (uids) => this.#latestAmong(uids),
    };
  }

  async #readSnapshot(): Promise<Snapshot> {
    const answer = await this.parts.channel.call("state", {});
    try {
      return await Snapshot.read(answer);
    } finally {
      answer.discard();
    }
  }

  async #select({ conditions, branch }: Choice): Promise<Selection> {
    const args = { conditions: [...conditions], branch: branch ?? null };
    const selection = new Map<string, Set<number>>();
    for await (const line of linesOf(await this.parts.channel.call("select", args))) {
      const [table, ids] = listIn(line, 2);
      selection.set(textIn(table), new Set(listIn(ids).map(wholeIn)));
    }
    return selection;
  }

  async #latestAmong(uids: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (let start = 0; start < uids.length; start += uidsAtOnce) {
      const batch = uids.slice(start, start + uidsAtOnce);
      const asked = new Set(batch);
      for await (const line of linesOf(await this.parts.channel.call("latest", { uids: batch }))) {
        const uid = textIn(line, 64);
        if (!asked.delete(uid)) throw notSpoken();
        found.push(uid);
      }
    }
    return found;
  }
}
