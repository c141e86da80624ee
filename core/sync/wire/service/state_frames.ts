import type { SourcePeer, SourceState } from "../../source_peer.ts";
import { familiesLedger } from "../../plan/families.ts";
import { isPlain, type Past } from "../../ledger/past.ts";
import type { RowState } from "../../rows/row_source.ts";
import type { RowShape } from "../../rows/shape.ts";
import { shapesWith } from "../../unknown/shapes_with.ts";
import type { Frame } from "../frame.ts";
import { encodeJson, type Json, type JsonObject } from "../json.ts";
import { noTable, unknownLines } from "../unknown_json.ts";
import { frameLines } from "./frame_lines.ts";
import { handedOver } from "./handed_over.ts";

/**
 * One state of an instance, as far as it takes to see what another one lacks: of each table the
 * rows' identities and digests, those of its families, and what was noted of their past. A `mark`
 * says which table and which of these follow.
 */
export async function* stateFrames(
  peer: SourcePeer,
  shapes: ReadonlyMap<string, RowShape>,
): AsyncGenerator<Frame, JsonObject> {
  const frames = handedOver<Frame>((give) =>
    peer.read(async (state) => {
      const managed = [...await state.rows.managedStorages()];
      const keepsNotes = state.ledger !== undefined;
      await give(mark({ engine: state.rows.engine, managed, keepsNotes }));
      const { unknown } = state;
      if (unknown !== undefined && unknown.tables.length + unknown.others.length > 0) {
        await give(mark({ table: noTable, what: "unknown" }));
        const lines = Promise.resolve(unknownLines(unknown));
        for await (const frame of frameLines(lines)) await give(frame);
      }
      for (const [table, { registry }] of shapesWith(unknown, shapes)) {
        await giveStates(state, table, "rows", give);
        if ("is_latest" in registry.columns) await giveStates(state, table, "families", give);
      }
    })
  );
  yield* frames;
  return {};
}

async function giveStates(
  state: SourceState,
  table: string,
  what: "rows" | "families",
  give: (frame: Frame) => Promise<void>,
): Promise<void> {
  const noted = state.ledger ?? state.notes;
  const ledger = await noted?.(what === "rows" ? table : familiesLedger(table));
  const pasts: Json[] = [];
  const lines = async function* (): AsyncGenerator<Json> {
    const all = what === "rows" ? state.rows.states(table) : state.rows.families(table);
    for await (const some of all) {
      for (const [index, past] of ledger?.see(some).entries() ?? []) {
        if (!isPlain(past)) pasts.push(pastLine(some[index]!.identity, past));
      }
      yield* some.map(stateLine);
    }
  };
  await give(mark({ table, what }));
  for await (const frame of frameLines(lines())) await give(frame);
  ledger?.endSeeing();
  for (const [identity, past] of ledger?.deleted() ?? []) pasts.push(pastLine(identity, past));
  if (pasts.length === 0) return;
  await give(mark({ table, what: what === "rows" ? "pasts" : "family_pasts" }));
  for await (const frame of frameLines(Promise.resolve(pasts))) await give(frame);
}

function stateLine({ id, identity, digest }: RowState): Json {
  return [id, identity, digest];
}

function pastLine(identity: string, { digest, revision, past }: Past): Json {
  return [identity, digest, revision, [...past]];
}

function mark(value: JsonObject): Frame {
  return { kind: "mark", bytes: encodeJson(value) };
}
