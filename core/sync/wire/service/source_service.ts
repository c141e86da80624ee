import { LaminError } from "../../../../store/errors.ts";
import type { InstanceCard } from "../../instance_card.ts";
import type { RowShape } from "../../rows/shape.ts";
import type { SourcePeer } from "../../source_peer.ts";
import { shapesWith } from "../../unknown/shapes_with.ts";
import type { Frames } from "../channel.ts";
import { type Json, type JsonObject, listIn, textIn } from "../json.ts";
import { frameLines } from "./frame_lines.ts";
import { describedLines } from "./described_lines.ts";
import { fileFrames } from "./file_frames.ts";
import { rowLines } from "./row_lines.ts";
import { idsIn, uidsIn } from "./read_args.ts";
import { stateFrames } from "./state_frames.ts";

/** What is served of an instance: all of it, or what is meant to go. */
export interface Served {
  readonly peer: SourcePeer;
  /** How the rows of its tables travel, by table. */
  readonly shapes: ReadonlyMap<string, RowShape>;
  card(): Promise<InstanceCard>;
}

/** The version of what is spoken: both sides have to have the same. */
export const protocolVersion = 1;

type Operation = (served: Served, args: JsonObject) => Frames;

const operations: Readonly<Record<string, Operation>> = {
  // A generator, as all that answers is one.
  // deno-lint-ignore require-yield
  async *hello({ peer, card }) {
    const { id, name, modules, artifacts, stamp } = await card();
    return {
      protocol: protocolVersion,
      uid: peer.uid,
      slug: peer.slug,
      id,
      name,
      modules: [...modules],
      artifacts,
      stamp,
    };
  },
  async *state({ peer, shapes }) {
    return yield* stateFrames(peer, shapes);
  },
  select({ peer }, args) {
    const { conditions, branch } = choiceIn(args);
    return yieldLines(peer.read(async (state) => {
      const selection = await state.select({ conditions, branch });
      return [...selection].map(([table, ids]): Json => [table, [...ids]]);
    }));
  },
  async *rows(served, args) {
    const table = await tableIn(args, served);
    return yield* frameLines(rowLines(served.peer, table, idsIn(args["ids"])));
  },
  async *versions(served, args) {
    const table = await tableIn(args, served);
    return yield* yieldLines(served.peer.read(async ({ rows }) => {
      const versions = await rows.versions(table, idsIn(args["ids"]));
      return [...versions].map(([id, states]): Json => [
        id,
        states.map((one) => [one.id, one.uid, one.branch, one.isLatest, one.createdAt]),
      ]);
    }));
  },
  latest({ peer }, args) {
    return yieldLines(peer.read((state) => state.latestAmong(uidsIn(args["uids"]))));
  },
  async *describe({ peer }, args) {
    return yield* frameLines(describedLines(peer.contents, uidsIn(args["uids"])));
  },
  async *files({ peer }, args) {
    return yield* fileFrames(peer.contents, args["files"] ?? null);
  },
};

/** Answers what another instance asks of this one as a source. Throws code "usage" for the rest. */
export async function* answerSource(served: Served, op: string, args: JsonObject): Frames {
  const operation = Object.hasOwn(operations, op) ? operations[op] : undefined;
  if (operation !== undefined) return yield* operation(served, args);
  throw new LaminError("usage", "the other side does not know what it is asked for", {
    hint: "both sides need lamin of the same version",
  });
}

/** Whether a source is asked for it, by anybody who may read. */
export function isOfSource(op: string): boolean {
  return Object.hasOwn(operations, op);
}

async function* yieldLines(lines: Promise<readonly Json[]>): Frames {
  return yield* frameLines(lines);
}

function choiceIn({ conditions, branch }: JsonObject) {
  return {
    conditions: listIn(conditions, 1000).map((one) => textIn(one)),
    branch: branch === null || branch === undefined ? undefined : textIn(branch),
  };
}

async function tableIn({ table }: JsonObject, { peer, shapes }: Served): Promise<string> {
  const name = textIn(table);
  if (shapes.has(name)) return name;
  const all = await peer.read(({ unknown }) => Promise.resolve(shapesWith(unknown, shapes)));
  if (all.has(name)) return name;
  throw new LaminError("usage", "the other side does not know the table that it is asked for");
}
