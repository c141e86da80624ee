import type { Choice, SourcePeer } from "../../source_peer.ts";
import type { RowShape } from "../../rows/shape.ts";
import type { Channel, Frames } from "../channel.ts";
import type { Frame } from "../frame.ts";
import { countIn, type JsonObject } from "../json.ts";
import type { InstanceCard } from "../../instance_card.ts";
import { answerSource } from "../service/source_service.ts";
import { orderJson, type PushOrder } from "./order.ts";
import { restricted } from "./restricted.ts";
import { type PushResult, resultIn } from "./result_json.ts";

export interface PushRequest extends Omit<PushOrder, "isChosen"> {
  readonly source: SourcePeer;
  readonly card: InstanceCard;
  readonly shapes: ReadonlyMap<string, RowShape>;
  readonly choice: Choice | undefined;
  readonly onTotal?: (bytes: number) => void;
  readonly onProgress?: (bytes: number, files: number) => void;
}

/**
 * Pushes over a connection: the other side asks for what it lacks, and writes it as one operation.
 */
export async function push(channel: Channel, request: PushRequest): Promise<PushResult> {
  const { source, choice, shapes, card, data } = request;
  if (!request.dryRun) await source.note();
  const peer = await restricted(source, { choice, hasBytes: data !== "none" });
  const served = { peer, shapes, card: () => Promise.resolve(card) };
  const serve = (op: string, args: JsonObject): Frames => {
    if (op === "total") return told(request, args);
    const frames = answerSource(served, op, args);
    return op === "files" ? counted(frames, request) : frames;
  };
  const order = orderJson({
    isChosen: choice !== undefined,
    resolution: request.resolution,
    data,
    dryRun: request.dryRun,
    withDeleted: request.withDeleted,
  });
  const answer = await channel.call("push", order, serve);
  try {
    return resultIn(await answer.end());
  } finally {
    answer.discard();
  }
}

// A generator, as all that answers is one.
// deno-lint-ignore require-yield
async function* told({ onTotal }: PushRequest, { bytes }: JsonObject): Frames {
  onTotal?.(countIn(bytes));
  return {};
}

/** Tells of the bytes of files as they go. */
async function* counted(frames: Frames, { onProgress }: PushRequest): Frames {
  for (;;) {
    const next: IteratorResult<Frame, JsonObject> = await frames.next();
    if (next.done) return next.value;
    const { kind, bytes } = next.value;
    if (kind === "data") onProgress?.(bytes.length, 0);
    else onProgress?.(0, 1);
    yield next.value;
  }
}
