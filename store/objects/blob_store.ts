/**
 * Bytes under names, in one storage location (a folder on disk, later a bucket). A name is a storage
 * key: a relative path with `/`, such as `.lamindb/objects/ab/ab12….csv` or, for data that is
 * registered where it lies, `raw/counts.csv`.
 *
 * Every method is safe to repeat. Names that leave the location are refused with code "denied".
 */
export interface BlobStore {
  readonly kind: "disk" | "memory";
  /** Size of each blob that is there; names of nothing are left out. Folders count as absent. */
  sizes(names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Opens a blob for reading at any offset. Throws code "not_found" when nothing is there. */
  open(name: string): Promise<BlobReader>;
  /** All blobs whose name starts with `prefix` (a folder, ending in `/`), in no order. */
  list(prefix: string): AsyncIterable<BlobEntry>;
  /** Removes blobs; a name of nothing is fine. Folders left empty below `.lamindb/` go too. */
  remove(names: readonly string[]): Promise<void>;
  /** A local path under which other programs can read the blob or folder, where there is one. */
  locate(name: string): string | undefined;
  /** Begins writing a batch of blobs, which become visible and durable together. */
  batch(): BlobBatch;
}

export interface BlobEntry {
  readonly name: string;
  readonly size: number;
  readonly writtenAt: Date;
}

/** One blob that is open. Close it in `finally`. */
export interface BlobReader {
  readonly size: number;
  /** Up to `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): void;
}

/**
 * Blobs on their way in. Durability is bought once for all of them: they are written under
 * temporary names, flushed together and then renamed. Nothing is visible before `publish`; a
 * process that dies leaves only temporary files, which `leftovers` of the disk store finds.
 */
export interface BlobBatch {
  /** A new empty blob to write into. */
  create(): StagedBlob;
  /** A copy of a local file, made by the file system (by reference where it can). */
  copyOf(path: string): StagedBlob;
  /** A second name for a local file: no bytes move, and a change of the file changes the blob. */
  linkOf(path: string): StagedBlob;
  /**
   * Says under which name a staged blob is to appear. When a blob of that name and size is already
   * there, the staged one is dropped and that one kept. Returns whether the blob is new.
   */
  name(staged: StagedBlob, name: string): boolean;
  /** Lets an existing blob appear under another name too, without copying where that can be. */
  alias(existing: string, name: string): void;
  /** Drops one staged blob. */
  drop(staged: StagedBlob): void;
  /** Makes all named blobs durable and visible. */
  publish(): Promise<void>;
  /** Drops what was not published. Call it in `finally`; harmless after `publish`. */
  discard(): void;
}

export interface StagedBlob {
  write(bytes: Uint8Array): void;
  /** Opens what was staged for reading, to hash it as it was really stored. */
  open(): BlobReader;
  /** Ends writing. */
  close(): void;
}
