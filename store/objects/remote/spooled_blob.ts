import { LaminError } from "../../errors.ts";
import { FileError, type Files, type FileStat, type Host, type OpenFile } from "../../host/host.ts";
import { isSameFile } from "../../same_file.ts";
import type { BlobReader, StagedBlob } from "../blob_store.ts";
import { openBlob } from "../file_reader.ts";
import { memoryReader } from "../memory_reader.ts";
import type { OutgoingBlob } from "./outgoing_blob.ts";
import { ReaderWithParts } from "./reader_with_parts.ts";

/** A staged blob of a remote store: bytes in memory, or in a local file. */
export interface Spooled extends StagedBlob, Pick<OutgoingBlob, "size" | "check" | "parts"> {
  /** The name that it is to appear under, once that is known. */
  name: string | undefined;
  /** Opens the bytes when nothing has to be learnt of them any more. */
  openToSend(): BlobReader;
  /** Whether a failure to send it comes from what somebody else did to its file. */
  isAtFault(error: unknown): boolean;
  /** Lets go of the bytes. */
  drop(): void;
}

/** Where the bytes of a batch go that are too many for memory. */
export interface Spool {
  readonly files: Files;
  /** A path for a new file. */
  nextPath(): string;
  /** Whether that many more bytes may be kept in memory; they count from then on. */
  takeMemory(count: number): boolean;
  giveMemory(count: number): void;
}

/** Bytes that are written piece by piece: small ones stay in memory. */
export class WrittenBlob implements Spooled {
  name: string | undefined;
  size = 0;
  #pieces: Uint8Array[] = [];
  #path: string | undefined;
  #file: OpenFile | undefined;
  #isOpen = true;

  constructor(private readonly spool: Spool) {}

  write(bytes: Uint8Array): void {
    if (!this.#isOpen) throw new TypeError("the staged blob is closed");
    if (this.#file === undefined && !this.spool.takeMemory(bytes.length)) this.#spill();
    if (this.#file === undefined) this.#pieces.push(bytes.slice());
    else this.#file.write(bytes);
    this.size += bytes.length;
  }

  /** Moves what is in memory to a file, and all that follows. */
  #spill(): void {
    this.#path = this.spool.nextPath();
    this.#file = this.spool.files.open(this.#path, { write: true, createNew: true, mode: 0o600 });
    for (const piece of this.#pieces) this.#file.write(piece);
    this.#forget();
  }

  open(): BlobReader {
    if (this.#path !== undefined) return openBlob(this.spool.files, this.#path);
    if (this.#pieces.length !== 1) this.#pieces = [joined(this.#pieces, this.size)];
    return memoryReader(this.#pieces[0]!);
  }

  openToSend(): BlobReader {
    return this.open();
  }

  check(): void {}

  parts(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  isAtFault(): boolean {
    return false;
  }

  close(): void {
    this.#isOpen = false;
    this.#file?.close();
    this.#file = undefined;
  }

  drop(): void {
    this.close();
    this.#forget();
    if (this.#path !== undefined) this.spool.files.remove(this.#path);
    this.#path = undefined;
  }

  #forget(): void {
    this.spool.giveMemory(this.#pieces.reduce((sum, piece) => sum + piece.length, 0));
    this.#pieces = [];
  }
}

/** A local file that is read when the batch is published, and has to be as it was until then. */
export class SourceBlob implements Spooled {
  name: string | undefined;
  readonly size: number;
  readonly #before: FileStat;
  readonly #files: Files;
  readonly #partSize: number | undefined;
  #parts: Promise<readonly Uint8Array[] | undefined> | undefined;

  /**
   * `partSizeOf` tells for a size in which parts it is worth hashing. Throws a FileError when it
   * cannot be read.
   */
  constructor(
    private readonly host: Host,
    private readonly path: string,
    partSizeOf: (size: number) => number | undefined,
  ) {
    this.#files = host.files;
    const file = this.#files.open(path, { read: true });
    try {
      this.#before = file.stat();
    } finally {
      file.close();
    }
    this.size = this.#before.size;
    this.#partSize = partSizeOf(this.size);
  }

  write(): never {
    throw new TypeError("the staged blob is closed");
  }

  open(): BlobReader {
    const reader = this.openToSend();
    if (this.#partSize === undefined || this.#parts !== undefined) return reader;
    const hasher = this.host.partHasher(this.#partSize);
    return new ReaderWithParts(reader, hasher, (parts) => this.#parts ??= parts);
  }

  openToSend(): BlobReader {
    return openBlob(this.#files, this.path);
  }

  async parts(partSize: number): Promise<readonly Uint8Array[] | undefined> {
    return partSize === this.#partSize ? await this.#parts : undefined;
  }

  check(): void {
    const now = this.#files.stat(this.path);
    const before = this.#before;
    const isSame = isSameFile(before, now) && now?.size === before.size &&
      now.modifiedMs === before.modifiedMs && now.changedMs === before.changedMs;
    if (isSame) return;
    throw new LaminError("conflict", `${this.path} changed while it was added`, {
      hint: "add it again when nothing writes to it",
      data: { path: this.path },
    });
  }

  isAtFault(error: unknown): boolean {
    if (error instanceof FileError) return error.path === this.path;
    // Nothing else that happens to a blob is a conflict: others who write its name write the same.
    return error instanceof LaminError && error.code === "conflict";
  }

  close(): void {}
  drop(): void {}
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
