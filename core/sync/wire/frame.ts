import { LaminError } from "../../../store/errors.ts";

/**
 * What goes between two instances, whatever carries it: frames of a byte for the kind, four for the
 * length (big-endian), and so many bytes. An answer is any number of `data`, `mark` and `alive`
 * frames and one `end`, so that what was cut off is never taken for complete.
 */
export type FrameKind = keyof typeof kinds;

export interface Frame {
  readonly kind: FrameKind;
  readonly bytes: Uint8Array;
}

const kinds = {
  /** JSON `{"op": …, "args": …}`; where the transport has no other way to ask. */
  request: 1,
  /** Whole lines of JSON, or bytes of a file. */
  data: 2,
  /** JSON that says what follows, or what just ended. */
  mark: 3,
  /** JSON: the result, or `{"error": …}`. */
  end: 4,
  /** Nothing: the work goes on. */
  alive: 5,
  /** As `request`, from who is being asked: it needs something to be able to answer. */
  query: 6,
} as const;

const names = new Map(
  Object.entries(kinds).map(([name, number]) => [number as number, name as FrameKind]),
);

const mebi = 1 << 20;

/** The most bytes that a frame of a kind may have, so that nobody has to hold more. */
export const frameBytesMax: Readonly<Record<FrameKind, number>> = {
  request: mebi,
  data: 64 * mebi,
  mark: mebi,
  end: 16 * mebi,
  alive: 0,
  query: mebi,
};

const headerLength = 5;

/** A frame as it is sent. Throws code "failed" when it has too many bytes. */
export function encodeFrame({ kind, bytes }: Frame): Uint8Array<ArrayBuffer> {
  if (bytes.length > frameBytesMax[kind]) {
    throw new LaminError("failed", `a record of ${bytes.length} bytes is too large to be sent`, {
      hint: "leave it out: name conditions for what is to go",
    });
  }
  const encoded = new Uint8Array(headerLength + bytes.length);
  encoded[0] = kinds[kind];
  new DataView(encoded.buffer).setUint32(1, bytes.length);
  encoded.set(bytes, headerLength);
  return encoded;
}

/** The next piece of what arrives; undefined at its end. */
export type NextPiece = () => Promise<Uint8Array | undefined>;

/** Takes frames out of pieces as they come. */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(private readonly next: NextPiece) {}

  /**
   * The next frame; undefined where everything ended between two frames. Throws code "failed" for
   * anything else than frames, and as `next`.
   */
  async read(): Promise<Frame | undefined> {
    const header = await this.#take(headerLength);
    if (header === undefined) return undefined;
    const kind = names.get(header[0]!);
    const length = new DataView(header.buffer, header.byteOffset).getUint32(1);
    if (kind === undefined || length > frameBytesMax[kind]) throw notSpoken();
    const bytes = await this.#take(length);
    if (bytes === undefined && length > 0) throw cutOff();
    return { kind, bytes: bytes ?? new Uint8Array() };
  }

  /** So many bytes; undefined when nothing more comes at all. */
  async #take(count: number): Promise<Uint8Array | undefined> {
    while (this.#length < count) {
      const piece = await this.next();
      if (piece === undefined) {
        if (this.#length > 0) throw cutOff();
        return undefined;
      }
      if (piece.length === 0) continue;
      this.#pieces.push(piece);
      this.#length += piece.length;
    }
    return this.#cut(count);
  }

  #cut(count: number): Uint8Array {
    this.#length -= count;
    const [first] = this.#pieces;
    if (first !== undefined && first.length >= count) {
      if (first.length === count) this.#pieces.shift();
      else this.#pieces[0] = first.subarray(count);
      return first.subarray(0, count);
    }
    const taken = new Uint8Array(count);
    let at = 0;
    let whole = 0;
    while (at < count) {
      const piece = this.#pieces[whole]!;
      const part = piece.subarray(0, count - at);
      taken.set(part, at);
      at += part.length;
      if (part.length === piece.length) whole++;
      else this.#pieces[whole] = piece.subarray(part.length);
    }
    this.#pieces.splice(0, whole);
    return taken;
  }
}

/** The failure of a connection that ended in the middle of something. */
export function cutOff(): LaminError {
  return new ConnectionLost("failed", "the connection to the other instance was lost", {
    hint: "run the command again: it goes on where it was",
  });
}

class ConnectionLost extends LaminError {}

/** Whether the network failed, and not who is asked: the same may be asked again. */
export function isLost(error: unknown): boolean {
  return error instanceof ConnectionLost ||
    error instanceof LaminError && error.code === "failed" && error.data["host"] !== undefined;
}

/** The failure when the other side speaks something else. */
export function notSpoken(): LaminError {
  return new LaminError("failed", "what answers there does not speak as 'lamin serve' does", {
    hint: "check the address, and that both sides have lamin of the same version",
  });
}
