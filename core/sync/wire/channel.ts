import { Deadline, type Patience, usualPatience } from "./deadline.ts";
import { cutOff, type Frame, type FrameReader, notSpoken } from "./frame.ts";
import { decodeJson, type Json, jsonLines, type JsonObject, objectIn } from "./json.ts";
import { toldError } from "./wire_error.ts";

/** A way to ask another instance. One thing is asked at a time: the next waits for its answer. */
export interface Channel {
  /**
   * Asks. The answer has to be read to its end, or discarded. `serve` answers what the other side
   * asks meanwhile. Throws as the other side did, and code "failed" when it cannot be reached.
   */
  call(op: string, args: JsonObject, serve?: Serve): Promise<Answer>;
  close(): Promise<void>;
}

/** An answer as it is made: frames, and what it ends with. */
export type Frames = AsyncGenerator<Frame, JsonObject>;

/** Answers what the other side needs to know in order to answer itself. */
export type Serve = (op: string, args: JsonObject) => Frames;

/** What stands in an answer before its end: bytes, or what is said of them. */
export type AnswerPart =
  | { readonly data: Uint8Array }
  | { readonly mark: JsonObject };

export interface AnswerOptions {
  readonly patience?: Patience;
  /** Called once when nothing more is read of it, whether all of it came. */
  readonly onEnd?: (isComplete: boolean) => void;
  /** Sends what the other side asks for. */
  readonly onQuery?: ((op: string, args: JsonObject) => Promise<void>) | undefined;
}

/** Where frames come from; undefined at the end. */
export type FrameSource = Pick<FrameReader, "read">;

/** An answer that is still coming. */
export class Answer {
  readonly #frames: FrameSource;
  readonly #deadline: Deadline;
  #end: JsonObject | undefined;
  #isOver = false;

  constructor(source: FrameSource, private readonly options: AnswerOptions = {}) {
    this.#deadline = new Deadline(options.patience ?? usualPatience);
    this.#frames = source;
  }

  /** The next part; undefined at the end. Throws as the other side did. */
  async next(): Promise<AnswerPart | undefined> {
    if (this.#isOver) return undefined;
    try {
      for (;;) {
        const frame = await this.#deadline.wait(this.#frames.read());
        if (frame === undefined) throw cutOff();
        const part = await this.#take(frame);
        if (part !== undefined) return part;
        if (this.#end !== undefined) return undefined;
      }
    } catch (error) {
      this.#finish(this.#end !== undefined);
      throw error;
    }
  }

  /** What it ends with; reads on to there. Data is not expected. */
  async end(): Promise<JsonObject> {
    for (let part = await this.next(); part !== undefined; part = await this.next()) {
      if ("data" in part) {
        this.discard();
        throw notSpoken();
      }
    }
    if (this.#end === undefined) throw cutOff();
    return this.#end;
  }

  /** Lets go of it, read or not. */
  discard(): void {
    this.#finish(false);
  }

  async #take({ kind, bytes }: Frame): Promise<AnswerPart | undefined> {
    switch (kind) {
      case "alive":
        this.#deadline.alive();
        return undefined;
      case "data":
        this.#deadline.received(bytes.length);
        return { data: bytes };
      case "mark":
        this.#deadline.received(bytes.length);
        return { mark: objectIn(decodeJson(bytes)) };
      case "end": {
        const end = objectIn(decodeJson(bytes));
        this.#end = end;
        const failure = toldError(end["error"]);
        if (failure !== undefined) throw failure;
        this.#finish(true);
        return undefined;
      }
      case "query": {
        const { op, args } = objectIn(decodeJson(bytes));
        if (this.options.onQuery === undefined || typeof op !== "string") throw notSpoken();
        await this.options.onQuery(op, objectIn(args ?? {}));
        this.#deadline.renew();
        return undefined;
      }
      default:
        throw notSpoken();
    }
  }

  #finish(isComplete: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.options.onEnd?.(isComplete);
  }
}

/** The most that lines may come to which are asked for at once. */
const linesBytesMax = 256 << 20;

/** All lines of an answer. */
export async function* linesOf(answer: Answer): AsyncGenerator<Json> {
  let size = 0;
  try {
    for (let part = await answer.next(); part !== undefined; part = await answer.next()) {
      if ("mark" in part) throw notSpoken();
      size += part.data.length;
      if (size > linesBytesMax) throw notSpoken();
      yield* jsonLines(part.data);
    }
  } finally {
    answer.discard();
  }
}

/** Lets one thing be asked at a time. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Runs `work` when its turn has come. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const end = await this.take();
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** Waits for the turn; gives what ends it. */
  async take(): Promise<() => void> {
    const before = this.#last;
    let end!: () => void;
    this.#last = new Promise((resolve) => end = resolve);
    await before;
    return end;
  }
}
