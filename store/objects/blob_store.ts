/**
 * Bytes under names, in one storage location (a folder on disk, a bucket, a server). A name is a
 * storage key: a relative path with `/`, such as `.lamindb/objects/ab/ab12….csv` or, for data that
 * is registered where it lies, `raw/counts.csv`.
 *
 * Every method is safe to repeat. Names that leave the location are refused with code "denied".
 */
export interface BlobStore {
  readonly kind: "disk" | "memory" | "s3" | "http";
  /** Size of each blob that is there; names of nothing are left out. Folders count as absent. */
  sizes(names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** What `list` would say of one blob; undefined when nothing or a folder is there. */
  entry(name: string): Promise<BlobEntry | undefined>;
  /** Opens a blob for reading at any offset. Throws code "not_found" when nothing is there. */
  open(name: string): Promise<BlobReader>;
  /**
   * All blobs below a folder (its name with `/` at the end), in no order. Blobs of batches that are
   * not published are not among them, nor are links.
   */
  list(folder: string): AsyncIterable<BlobEntry>;
  /** What lies directly in a folder, without asking for sizes; nothing where there is no folder. */
  entries(folder: string): Promise<readonly FolderEntry[]>;
  /**
   * Removes blobs, and folders with all in them (names with `/` at the end); a name of nothing is
   * fine. Folders left empty below `.lamindb/objects/` go too.
   */
  remove(names: readonly string[]): Promise<void>;
  /**
   * Gives a blob or a folder of blobs another name, all of it at once; false when nothing is there.
   * Throws code "conflict" when the new name is taken.
   */
  move(from: string, to: string): Promise<boolean>;
  /** A local path under which other programs can read the blob or folder, where there is one. */
  locate(name: string): string | undefined;
  /** Begins writing a batch of blobs, which become visible and durable together. */
  batch(): BlobBatch;
  /** Batches that were begun and are not over: of processes that run, and of some that died. */
  unfinished(): Promise<readonly UnfinishedBatch[]>;
}

export interface BlobEntry {
  readonly name: string;
  readonly size: number;
  /** When its bytes were written or it got its name, whichever came later. */
  readonly writtenAt: Date;
  /** What the server calls this version of the bytes: no hash of them; undefined elsewhere. */
  readonly etag?: string;
}

export interface FolderEntry {
  /** The whole name, not only its last part. */
  readonly name: string;
  readonly kind: "blob" | "folder" | "other";
}

/** What a batch that is not over has put into the store. */
export interface UnfinishedBatch {
  /** A folder with `/` at the end, to be given to `remove`. */
  readonly name: string;
  /** Bytes in it. */
  readonly size: number;
  readonly begunAt: Date;
  /**
   * True when its process is known to be dead, or nothing is known of it and it rested for a day.
   */
  readonly isAbandoned: boolean;
}

/** One blob that is open. Close it in `finally`. */
export interface BlobReader {
  readonly size: number;
  /** The same for all names of the same bytes; undefined where this is their only name. */
  readonly identity?: string;
  /**
   * Up to `length` bytes from `offset`; fewer only at the end. They are put into `buffer` where one
   * is given that can hold them: then they are valid until it is used again.
   */
  read(offset: number, length: number, buffer?: Uint8Array): Promise<Uint8Array>;
  close(): void;
}

/**
 * Blobs on their way in. Durability is bought once for all of them: they are written under
 * temporary names, flushed together and then renamed. Nothing is visible before `publish`; a
 * process that dies before leaves only what `unfinished` tells of, one that dies within may leave
 * some of the blobs, each of them whole.
 */
export interface BlobBatch {
  /** A new empty blob to write into. */
  create(): StagedBlob;
  /** A copy of a local file, made by the file system (by reference where it can). */
  copyOf(path: string): StagedBlob;
  /** The same only where it needs no bytes to be written; else undefined. Missing where never. */
  cloneOf?(path: string): StagedBlob | undefined;
  /**
   * A second name for a local file: no bytes move, and a change of the file changes the blob. A
   * copy where the store cannot do that.
   */
  linkOf(path: string): StagedBlob;
  /**
   * Says under which name a staged blob is to appear. When a blob of that name and size is already
   * there or named in this batch, the staged one is dropped and that one kept; one of another size
   * is replaced. Returns whether the staged blob is kept; a store on a server finds out what is
   * there only when the batch is published, and does then the same.
   */
  name(staged: StagedBlob, name: string): boolean;
  /**
   * Lets a blob appear under another name too, without copying where that can be. The blob is
   * looked for when the batch is published and may be one of the batch itself; `publish` throws
   * code "not_found" when it is not there. What is there under the new name is treated as in
   * `name`.
   */
  alias(existing: string, name: string): void;
  /** Drops one staged blob. */
  drop(staged: StagedBlob): void;
  /**
   * Makes all named blobs and aliases durable and visible. A store on a server reads local files
   * only now: of those that cannot be read, or are not as they were when they were staged,
   * `leaveOut` is told, and the others go on; without it, that throws (code "conflict" where they
   * changed).
   */
  publish(leaveOut?: LeaveOut): Promise<void>;
  /**
   * Drops what was not published and ends the batch. Call it in `finally`, once the rows that speak
   * of the blobs are written: until then `unfinished` tells others that they will be needed.
   */
  discard(): void;
}

/** Takes a blob that does not get its name, and what went wrong with its file. */
export type LeaveOut = (staged: StagedBlob, error: unknown) => void;

export interface StagedBlob {
  write(bytes: Uint8Array): void;
  /**
   * As {@link write}, while other work goes on: until it is done the bytes are not to be changed.
   * Missing where bytes need no time.
   */
  writeBeside?(bytes: Uint8Array): Promise<void>;
  /** Lets what was written so far go to the disk meanwhile. */
  beginFlush?(): void;
  /** Opens what was staged for reading, to hash it as it was really stored. */
  open(): BlobReader;
  /** Ends writing. */
  close(): void;
}
