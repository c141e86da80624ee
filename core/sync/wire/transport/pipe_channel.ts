import { Answer, type Channel, type Serve, Turns } from "../channel.ts";
import type { Patience } from "../deadline.ts";
import { cutOff, encodeFrame, type Frame, FrameReader, type NextPiece } from "../frame.ts";
import { encodeJson, type JsonObject } from "../json.ts";
import { sentFrames } from "../service/sent_frames.ts";

/** Two streams to the other side. */
export interface Pipe {
  readonly next: NextPiece;
  write(bytes: Uint8Array): Promise<void>;
  /** Ends it; gives why the other side ended, if it said so. */
  close(): Promise<void>;
}

/** Asks over two streams, such as the standard ones of a program. */
export class PipeChannel implements Channel {
  readonly #frames: FrameReader;
  readonly #turns = new Turns();
  #isBroken = false;

  /** `kind` is "query" for who is being asked, and asks back. */
  constructor(
    private readonly pipe: Pipe,
    private readonly kind: "request" | "query" = "request",
    private readonly patience?: Patience,
    frames = new FrameReader(pipe.next),
  ) {
    this.#frames = frames;
  }

  async call(op: string, args: JsonObject, serve?: Serve): Promise<Answer> {
    const end = await this.#turns.take();
    try {
      if (this.#isBroken) throw cutOff();
      await this.#write({ kind: this.kind, bytes: encodeJson({ op, args }) });
    } catch (error) {
      end();
      throw error;
    }
    return new Answer(this.#frames, {
      ...(this.patience === undefined ? {} : { patience: this.patience }),
      onEnd: (isComplete) => {
        // What was not read stands in the way of the next answer.
        if (!isComplete) this.#isBroken = true;
        end();
      },
      onQuery: serve && (async (op, args) => {
        for await (const bytes of sentFrames(serve(op, args))) await this.pipe.write(bytes);
      }),
    });
  }

  async close(): Promise<void> {
    this.#isBroken = true;
    await this.pipe.close();
  }

  async #write(frame: Frame): Promise<void> {
    await this.pipe.write(encodeFrame(frame));
  }
}
