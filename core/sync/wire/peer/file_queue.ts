import { LaminError } from "../../../../store/errors.ts";
import type { Hashing } from "../../../../store/host/host.ts";
import { type ContentHash, ContentHasher, hashBytes } from "../../../identity/content_hasher.ts";
import type { SourceFile } from "../../contents/source.ts";
import type { Answer, Channel } from "../channel.ts";
import { isLost, notSpoken } from "../frame.ts";
import { filesMax } from "../service/file_frames.ts";
import { toldError } from "../wire_error.ts";

/** Files up to this size are held in memory, and so many bytes of them asked for at once. */
const smallBytesMax = 1 << 20;
const askedBytesMax = 16 << 20;

/** How often in a row a connection may be lost before so many bytes of a file came. */
const lossesMax = 4;
const worthBytes = 16 << 20;

interface Waiting {
  readonly uid: string;
  readonly path: string;
  readonly size: number;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/** Files that are asked for: small ones go together, as each alone would take as long. */
export class FileQueue {
  #waiting: Waiting[] = [];
  #isAsking = false;

  constructor(private readonly channel: Channel, private readonly hashing: Hashing) {}

  /** The bytes of a file, of which the last come only when all were right. */
  async *open(uid: string, file: SourceFile): AsyncGenerator<Uint8Array, ContentHash> {
    const { size, path } = file;
    if (size === null) throw noSize(uid);
    if (size > smallBytesMax) return yield* this.#stream(uid, file, size);
    const bytes = await new Promise<Uint8Array>((resolve, reject) => {
      this.#waiting.push({ uid, path, size, resolve, reject });
      void this.#ask();
    });
    const found = hashBytes(this.hashing, bytes);
    requireRight(uid, file, found);
    if (bytes.length > 0) yield bytes;
    return found;
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    // Others are about to ask as well.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      try {
        await this.#fetch(batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isAsking = false;
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { size } of this.#waiting) {
      bytes += size;
      if (count > 0 && (bytes > askedBytesMax || count === filesMax)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #fetch(batch: readonly Waiting[]): Promise<void> {
    const files = batch.map(({ uid, path }) => [uid, path]);
    const answer = await this.channel.call("files", { files });
    try {
      for (const { uid, size, resolve, reject } of batch) {
        const bytes = new Uint8Array(size);
        let length = 0;
        const failure = await eachPiece(answer, (piece) => {
          if (length + piece.length > size) throw wrongSize(uid);
          bytes.set(piece, length);
          length += piece.length;
        });
        if (failure !== undefined) reject(failure);
        else if (length < size) reject(wrongSize(uid));
        else resolve(bytes);
      }
      await answer.end();
    } finally {
      answer.discard();
    }
  }

  /** A file alone; where the connection is lost it goes on where it was, and all is hashed. */
  async *#stream(
    uid: string,
    file: SourceFile,
    size: number,
  ): AsyncGenerator<Uint8Array, ContentHash> {
    const hasher = new ContentHasher(this.hashing, size);
    let held: Uint8Array | undefined;
    let length = 0;
    for (let [begun, losses] = [0, 0];;) {
      try {
        for await (const piece of this.#piecesFrom(uid, file, length)) {
          length += piece.length;
          if (length > size) throw wrongSize(uid);
          hasher.update(piece);
          if (held !== undefined) yield held;
          held = piece;
        }
        if (length < size) throw wrongSize(uid);
        break;
      } catch (error) {
        losses = length - begun >= worthBytes ? 1 : losses + 1;
        begun = length;
        if (!isLost(error) || losses > lossesMax) throw error;
      }
    }
    const found = hasher.finish();
    requireRight(uid, file, found);
    if (held !== undefined) yield held;
    return found;
  }

  async *#piecesFrom(
    uid: string,
    { path }: SourceFile,
    offset: number,
  ): AsyncGenerator<Uint8Array> {
    const answer = await this.channel.call("files", { files: [[uid, path, offset]] });
    try {
      for (;;) {
        const part = await answer.next();
        if (part === undefined) throw notSpoken();
        if ("data" in part) {
          yield part.data;
          continue;
        }
        const failure = toldError(part.mark["error"]);
        if (failure !== undefined) throw failure;
        break;
      }
      await answer.end();
    } finally {
      answer.discard();
    }
  }
}

/** Takes the pieces of the next file of an answer; gives what was wrong with it, if anything. */
async function eachPiece(
  answer: Answer,
  take: (piece: Uint8Array) => void,
): Promise<LaminError | undefined> {
  for (;;) {
    const part = await answer.next();
    if (part === undefined) throw notSpoken();
    if ("mark" in part) return toldError(part.mark["error"]);
    take(part.data);
  }
}

function requireRight(uid: string, { path, sha256 }: SourceFile, found: ContentHash): void {
  if (sha256 === undefined || sha256 === found.sha256) return;
  throw new LaminError("damaged", `other bytes came for ${uid} than it is recorded to have`, {
    hint: "'lamin fsck' at the other side tells whether they are damaged there",
    data: { uid, path },
  });
}

function wrongSize(uid: string): LaminError {
  return new LaminError("damaged", `${uid} came with another size than it was said to have`, {
    hint: "'lamin fsck' at the other side tells whether it is damaged there",
    data: { uid },
  });
}

function noSize(uid: string): LaminError {
  return new LaminError("denied", `nobody noted how large ${uid} is, so that it is not fetched`, {
    hint: "'lamin fsck --repair' at the other side notes it",
    data: { uid },
  });
}
