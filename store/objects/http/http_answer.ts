import { TimeOut, WrongLength } from "./http_failure.ts";

/** An answer whose body is still to be read: read it or end it with `discard`. */
export class HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The length that was told, where it is that of the bytes which arrive. */
  readonly length: number | undefined;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #received = 0;

  /** `abort` ends the request with its connection. */
  constructor(
    response: Response,
    private readonly timeoutMs: number,
    private readonly abort: (reason: Error) => void,
    hasBody: boolean,
  ) {
    this.status = response.status;
    this.headers = response.headers;
    const length = response.headers.get("content-length");
    const isEncoded = response.headers.has("content-encoding");
    this.length = length === null || isEncoded || !hasBody ? undefined : Number(length);
    this.#reader = hasBody ? response.body?.getReader() : undefined;
  }

  /**
   * The next piece of the body, undefined at its end. Throws TimeOut, WrongLength, or what the
   * engine throws when the connection is lost.
   */
  async next(): Promise<Uint8Array | undefined> {
    if (this.#reader === undefined) return undefined;
    const timer = setTimeout(() => this.abort(new TimeOut()), this.timeoutMs);
    try {
      const { done, value } = await this.#reader.read();
      if (!done) this.#received += value.length;
      this.#checkLength(done);
      return done ? undefined : value;
    } finally {
      clearTimeout(timer);
    }
  }

  #checkLength(isOver: boolean): void {
    if (this.length === undefined) return;
    if (isOver ? this.#received === this.length : this.#received <= this.length) return;
    this.discard();
    throw new WrongLength(
      `the answer has ${this.#received} bytes where ${this.length} were announced`,
    );
  }

  /** The whole body. Throws as `next`, and WrongLength when it is longer than `max` bytes. */
  async bytes(max: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for (let piece = await this.next(); piece !== undefined; piece = await this.next()) {
      size += piece.length;
      if (size > max) {
        this.discard();
        throw new WrongLength(`the answer is longer than the ${max} bytes that were asked for`);
      }
      pieces.push(piece);
    }
    return joined(pieces, size);
  }

  /** Ends it, read or not. */
  discard(): void {
    this.#reader?.cancel().catch(() => {});
    this.abort(new Error("no more of the answer is needed"));
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
