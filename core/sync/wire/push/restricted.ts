import { LaminError } from "../../../../store/errors.ts";
import type { ContentSource } from "../../contents/source.ts";
import type { Selection } from "../../plan/sync_plan.ts";
import type { RowSource } from "../../rows/row_source.ts";
import type { Choice, SourcePeer, SourceState } from "../../source_peer.ts";

/** What is to go to another instance. */
export interface Going {
  /** Undefined for everything. */
  readonly choice: Choice | undefined;
  /** Whether bytes go. */
  readonly hasBytes: boolean;
}

/**
 * An instance as one sees it to whom a choice of it is pushed: whatever that one asks for, it gets
 * no row and no bytes of anything else.
 */
export async function restricted(peer: SourcePeer, going: Going): Promise<SourcePeer> {
  const { choice, hasBytes } = going;
  if (choice === undefined) {
    return hasBytes ? peer : { ...withRead(peer, undefined), contents: noContents };
  }
  const { selection, uids } = await peer.read(async (state) => {
    const selection = await state.select(choice);
    const ids = [...selection.get("lamindb_artifact") ?? []];
    return { selection, uids: new Set(await state.rows.uids("lamindb_artifact", ids)) };
  });
  return {
    ...withRead(peer, selection),
    contents: hasBytes ? contentsAmong(peer.contents, uids) : noContents,
  };
}

function withRead(peer: SourcePeer, selection: Selection | undefined): SourcePeer {
  return {
    uid: peer.uid,
    slug: peer.slug,
    contents: peer.contents,
    note: () => peer.note(),
    read: (work) =>
      peer.read((state) => work(selection === undefined ? state : stateAmong(state, selection))),
  };
}

function stateAmong(state: SourceState, selection: Selection): SourceState {
  const { rows } = state;
  const among = (table: string, ids: readonly number[]) => {
    const selected = selection.get(table);
    return ids.filter((id) => selected?.has(id));
  };
  const selectedRows: RowSource = {
    engine: rows.engine,
    filled: () => rows.filled(),
    states: (table) => rows.states(table),
    families: (table) => rows.families(table),
    versions: (table, ids) => rows.versions(table, among(table, ids)),
    rows: (table, ids) => rows.rows(table, among(table, ids)),
    uids: (table, ids) => rows.uids(table, among(table, ids)),
    contents: (ids) => rows.contents(among("lamindb_artifact", ids)),
    managedStorages: () => rows.managedStorages(),
  };
  return { ...state, rows: selectedRows, select: () => Promise.resolve(selection) };
}

const noContents: ContentSource = {
  describe: () => Promise.resolve(new Map()),
  // A generator, as it is one.
  // deno-lint-ignore require-yield
  async *open(uid) {
    throw notGoing(uid);
  },
  locate: () => undefined,
};

function contentsAmong(contents: ContentSource, uids: ReadonlySet<string>): ContentSource {
  return {
    describe: (asked) => contents.describe(asked.filter((uid) => uids.has(uid))),
    async *open(uid, path) {
      if (!uids.has(uid)) throw notGoing(uid);
      return yield* contents.open(uid, path);
    },
    locate: () => undefined,
  };
}

function notGoing(uid: string): LaminError {
  return new LaminError("denied", `${uid} is not what was to be pushed`);
}
