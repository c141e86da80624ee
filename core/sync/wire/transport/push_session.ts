import { LaminError } from "../../../../store/errors.ts";
import { Answer, type Channel, Turns } from "../channel.ts";
import type { Patience } from "../deadline.ts";
import { cutOff, FrameReader } from "../frame.ts";
import type { JsonObject } from "../json.ts";

/** What the one who pushes is to do next: answer a query, nothing, or read the result. */
export type Step =
  | { readonly query: JsonObject }
  | { readonly more: true }
  | { readonly result: JsonObject };

/**
 * A push by HTTP, over several requests: each answer asks the client for something, which comes
 * with the next requests, or is the end.
 */
export class PushSession {
  /** Asks the one who pushes. */
  readonly back: Channel;
  readonly #turns = new Turns();
  #step = Promise.withResolvers<Step>();
  #pieces = new PieceQueue();
  #piece = -1;
  #current: Promise<Step> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  /** `owner` is who may go on with it; `ended` is called once. */
  constructor(
    readonly owner: string,
    private readonly patience: Patience,
    private readonly ended: () => void,
  ) {
    this.back = { call: (op, args) => this.#call(op, args), close: () => Promise.resolve() };
  }

  /** Begins the work; gives what it needs first. */
  async begin(work: Promise<JsonObject>): Promise<Step> {
    work.then(
      (result) => this.#step.resolve({ result }),
      (error) => this.#step.reject(error),
    ).finally(() => this.end());
    return await this.#next();
  }

  /**
   * Takes the next piece of what was asked for; gives what comes after it. The same piece may come
   * again, as its answer may have been lost. Throws code "conflict" for any other.
   */
  async take(piece: number, bytes: Uint8Array, isLast: boolean): Promise<Step> {
    if (piece === this.#piece && this.#current !== undefined) return await this.#current;
    if (this.#isOver || piece !== this.#piece + 1) throw gone();
    this.#piece = piece;
    clearTimeout(this.#timer);
    return await (this.#current = this.#taken(bytes, isLast));
  }

  /** Ends it, done or not. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#pieces.fail(cutOff());
    this.ended();
  }

  async #taken(bytes: Uint8Array, isLast: boolean): Promise<Step> {
    await this.#pieces.put(bytes);
    if (isLast) {
      this.#pieces.finish();
      return await this.#next();
    }
    this.#waitForClient();
    return { more: true };
  }

  async #next(): Promise<Step> {
    const step = await this.#step.promise;
    if ("query" in step) {
      this.#step = Promise.withResolvers();
      this.#waitForClient();
    }
    return step;
  }

  async #call(op: string, args: JsonObject): Promise<Answer> {
    const endTurn = await this.#turns.take();
    if (this.#isOver) {
      endTurn();
      throw cutOff();
    }
    const pieces = this.#pieces = new PieceQueue();
    this.#step.resolve({ query: { op, args } });
    return new Answer(new FrameReader(() => pieces.next()), {
      patience: this.patience,
      onEnd: () => {
        pieces.drop();
        endTurn();
      },
    });
  }

  /** A client that does not come back is gone. */
  #waitForClient(): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#timer = setTimeout(() => this.end(), this.patience.silenceMs);
  }
}

/** Pieces that were brought and are still to be read: one at a time. */
class PieceQueue {
  #waiting: { readonly bytes: Uint8Array; readonly taken: () => void } | undefined;
  #wanted: PromiseWithResolvers<Uint8Array | undefined> | undefined;
  #isFinished = false;
  #failure: Error | undefined;
  #isDropped = false;

  /** Hands a piece over; waits until it was taken. */
  async put(bytes: Uint8Array): Promise<void> {
    if (this.#isDropped || this.#failure !== undefined) return;
    if (this.#wanted !== undefined) {
      this.#wanted.resolve(bytes);
      this.#wanted = undefined;
      return;
    }
    await new Promise<void>((taken) => this.#waiting = { bytes, taken });
  }

  async next(): Promise<Uint8Array | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) {
      waiting.taken();
      return waiting.bytes;
    }
    if (this.#isFinished) return undefined;
    return await (this.#wanted = Promise.withResolvers()).promise;
  }

  /** No more pieces come. */
  finish(): void {
    this.#isFinished = true;
    this.#wanted?.resolve(undefined);
  }

  fail(failure: Error): void {
    this.#failure ??= failure;
    this.#wanted?.reject(failure);
    this.#waiting?.taken();
  }

  /** Nothing more is read: what still comes is let go. */
  drop(): void {
    this.#isDropped = true;
    this.#waiting?.taken();
    this.#waiting = undefined;
  }
}

function gone(): LaminError {
  return new LaminError("conflict", "the server does not know of this push any more", {
    hint: "run the command again: it goes on where it was",
  });
}
