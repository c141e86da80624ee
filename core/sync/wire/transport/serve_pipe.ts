import type { Channel, Frames } from "../channel.ts";
import type { Patience } from "../deadline.ts";
import { FrameReader, notSpoken } from "../frame.ts";
import { decodeJson, type JsonObject, objectIn, textIn } from "../json.ts";
import { sentFrames } from "../service/sent_frames.ts";
import { type Pipe, PipeChannel } from "./pipe_channel.ts";

/** Answers one request; `back` asks the one who asked. */
export type Answering = (op: string, args: JsonObject, back: Channel) => Frames;

/**
 * Answers what is asked over two streams, one thing after another, until they end. Throws code
 * "failed" for what is no request.
 */
export async function servePipe(
  pipe: Pipe,
  answering: Answering,
  options: { readonly patience?: Patience; readonly failed?: (error: unknown) => void } = {},
): Promise<void> {
  const frames = new FrameReader(pipe.next);
  for (let frame = await frames.read(); frame !== undefined; frame = await frames.read()) {
    if (frame.kind !== "request") throw notSpoken();
    const { op, args } = objectIn(decodeJson(frame.bytes));
    const back = new PipeChannel(pipe, "query", options.patience, frames);
    const answer = answering(textIn(op, 32), objectIn(args ?? {}), back);
    for await (const bytes of sentFrames(answer, options.failed)) await pipe.write(bytes);
  }
}
