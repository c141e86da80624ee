/**
 * The one door to the runtime: files, processes, environment, terminal, clock, randomness, hashing.
 *
 * Nothing else of the program touches `Deno.*` or `node:` file and process APIs, so that the same
 * code runs under `deno`, in a compiled binary of another engine, and over the fault wrappers of
 * the tests. File calls are synchronous: on local disks they are several times faster than
 * promises, and a command has nothing else to do meanwhile.
 */
export interface Host {
  readonly engine: "deno" | "node" | "bun";
  readonly platform: "linux" | "darwin" | "windows";
  readonly files: Files;
  readonly terminal: Terminal;
  /** Value of an environment variable; an empty value counts as unset. */
  environment(name: string): string | undefined;
  /** Names of the variables that are set, in no order. */
  environmentNames(): readonly string[];
  workingDirectory(): string;
  /** From HOME, else from the system's list of users. */
  homeDirectory(): string;
  hostName(): string;
  processId(): number;
  /** The words after the program's name. */
  commandLine(): readonly string[];
  /** Ends the process. */
  exit(code: number): never;
  /** The user's login name, or undefined where the system does not tell. */
  userName(): string | undefined;
  now(): Date;
  randomBytes(count: number): Uint8Array;
  /** Loads the hash functions on first use: the module costs 20 ms under Deno. */
  hashing(): Promise<Hashing>;
  /**
   * Another thread that reads and hashes files while this one does something else; undefined where
   * there is none. Starting it takes some ten milliseconds and megabytes.
   */
  fileHasher(): Promise<FileHasher | undefined>;
  /**
   * Another thread that hashes what passes through here, each `partSize` bytes of it by themselves;
   * undefined where there is none.
   */
  partHasher(partSize: number): Promise<PartHasher | undefined>;
  /**
   * Another thread that reads and hashes rows of a SQLite file, query by query; undefined where
   * there is none. Of each hash it gives so many `digits`; JSON with `untold` in it is no row.
   */
  rowHasher(
    file: string,
    queries: readonly RowQuery[],
    digits: number,
    untold: string,
  ): Promise<RowHasher | undefined>;
  /**
   * Runs a program to its end with inherited environment; `input` is its standard input. The code
   * of one that a signal ended is 128 + the signal. A program that cannot be started is a
   * FileError.
   */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /**
   * Runs a program in the place of this one, with inherited environment and standard input: what it
   * prints comes in pieces, signals to this process are passed on to it. What it leaves running in
   * the background is not waited for. A program that cannot be started is a FileError.
   */
  runAttached(
    command: string,
    args: readonly string[],
    options: AttachedOptions,
  ): Promise<AttachedEnd>;
  /** Memory of this process in bytes. */
  memoryBytes(): number;
  /**
   * To be called between the pieces of long work: gives back what is not used any more where the
   * engine would rather let its memory grow to a multiple of that. Mostly it does nothing.
   */
  tidyMemory(): void;
}

export interface RunOptions {
  readonly workingDirectory?: string;
  readonly input?: Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export interface AttachedOptions {
  readonly workingDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Called with each piece of what the program prints; the next one waits. A FileError with code
   * EPIPE that it throws closes the stream to the program; any other error is that of the call.
   */
  onOutput(stream: "stdout" | "stderr", bytes: Uint8Array): void;
}

export interface AttachedEnd {
  /** The exit code; of a program that a signal ended 128 + the signal. */
  readonly code: number;
  /** The signal that ended the program, such as SIGTERM. */
  readonly signal?: string;
  /** The last signal that this process got meanwhile. */
  readonly interruptedBy?: string;
}

export type HashAlgorithm = "sha256" | "md5" | "sha1";

export interface Hashing {
  create(algorithm: HashAlgorithm): Hasher;
  /** The hash of bytes that are all there: quicker than `create` for many small files. */
  digest(algorithm: HashAlgorithm, bytes: Uint8Array): Uint8Array;
  /** The SHA-256 of a text in UTF-8, in hexadecimal digits: quickest for many short ones. */
  textSha256(text: string): string;
}

export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** Reads and hashes small files on another thread. */
export interface FileHasher {
  /**
   * Of each file the digests of its bytes, once all were read; undefined for one that could not be
   * read or is not, or did not stay meanwhile, the file that its stat tells of.
   */
  hash(
    files: readonly { readonly path: string; readonly stat: FileStat }[],
  ): Promise<(nth: number) => FileDigests | undefined>;
  close(): Promise<void>;
}

/** Takes bytes in order. Close it in `finally`, unless the digests were asked for. */
export interface PartHasher {
  /** Takes the next bytes, which may be written over when this is done. */
  update(bytes: Uint8Array): Promise<void>;
  /** SHA-256 of each part, the last of which may be shorter; undefined when the thread failed. */
  digests(): Promise<readonly Uint8Array[] | undefined>;
  close(): Promise<void>;
}

/** A query with the columns `id`, in ascending order, `identity` and `words`. */
export interface RowQuery {
  /** Its parameters are the id that rows come after, and how many. */
  readonly sql: string;
  /** Whether what tells rows apart is a text as it is, rather than JSON to be hashed. */
  readonly hasUid: boolean;
}

/** Null for a row that the query could not put in words. */
export type HashedRow = readonly [identity: string, digest: string] | null;

/** Close it in `finally`. */
export interface RowHasher {
  /**
   * The rows of the next query, some at a time, in the order of their ids. Throws when the thread
   * failed, whatever the reason.
   */
  rows(): AsyncIterable<readonly HashedRow[]>;
  close(): Promise<void>;
}

export interface FileDigests {
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** In the URL alphabet of base 64, 22 characters. */
  readonly md5: string;
}

export type FileKind = "file" | "directory" | "symlink" | "other";

/** What a stat tells; times are whole milliseconds since 1970, as every engine can give them. */
export interface FileStat {
  readonly kind: FileKind;
  readonly size: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
  readonly device: number;
  readonly links: number;
  /** Permission bits (0 on Windows). */
  readonly mode: number;
  readonly userId: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileKind;
}

export interface OpenOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  /** Fails when the name exists, and so never follows a symbolic link. */
  readonly createNew?: boolean;
  readonly append?: boolean;
  readonly truncate?: boolean;
  readonly create?: boolean;
  readonly mode?: number;
}

/** An open file with a position. Close it in `finally`. */
export interface OpenFile {
  /** Reads at the position into `buffer`; returns the count, 0 at the end. */
  read(buffer: Uint8Array): number;
  /** Writes all of `bytes` at the position. */
  write(bytes: Uint8Array): void;
  /** Moves the position to `offset` bytes from the start. */
  seek(offset: number): void;
  /** Makes the written bytes survive a power loss. */
  flush(): void;
  stat(): FileStat;
  close(): void;
}

/**
 * The file system. Failures are thrown as {@link FileError}; a missing file is one too, except
 * where a method says that it returns null.
 */
export interface Files {
  /** Of the name itself, never of a link's target; null when nothing is there. */
  lstat(path: string): FileStat | null;
  /** Of the target of links; null when nothing is there or a link leads nowhere or to itself. */
  stat(path: string): FileStat | null;
  /** Unsorted entries; a name that is no UTF-8 has U+FFFD in it and cannot be opened. */
  readDirectory(path: string): DirectoryEntry[];
  /** Only the names, unsorted, as {@link readDirectory} gives them. */
  readNames(path: string): string[];
  readLink(path: string): string;
  /** The absolute path with all links followed. */
  realPath(path: string): string;
  open(path: string, options: OpenOptions): OpenFile;
  readFile(path: string): Uint8Array;
  /** Replaces the content; `mode` is for a file that is new. */
  writeFile(
    path: string,
    bytes: Uint8Array,
    options?: { createNew?: boolean; mode?: number },
  ): void;
  /** With `recursive` an existing directory is fine. */
  makeDirectory(path: string, options?: { recursive?: boolean; mode?: number }): void;
  /**
   * Copies the content and, where it can be set, the mode, by reflink where the file system can;
   * fails when `to` exists, and leaves nothing when it fails.
   */
  copyFile(from: string, to: string): void;
  rename(from: string, to: string): void;
  /** A second name for the same file. */
  hardLink(existing: string, name: string): void;
  /** Removes a file, a link or an empty directory. */
  remove(path: string): void;
  /** Removes a directory with all below it; links are removed, not followed. */
  removeTree(path: string): void;
  setMode(path: string, mode: number): void;
  /** Sets when the content was last changed, in milliseconds since 1970; only its owner may. */
  setModified(path: string, ms: number): void;
  /**
   * Makes everything written to the file system that holds `directory` survive a power loss, in one
   * go; false where the system has no such call (then flush each file).
   */
  flushFileSystem(directory: string): Promise<boolean>;
  /**
   * Begins to write what waits of a file to the disk while other work goes on: a flush after it
   * waits less. It promises nothing, and where there is no such call nothing is lost.
   */
  beginFlush?(path: string): void;
  /** Makes the names in `directory` survive a power loss; does nothing where it cannot be done. */
  flushDirectory(directory: string): void;
}

export interface Terminal {
  /** Standard input in pieces. */
  input(): AsyncIterable<Uint8Array>;
  inputIsTerminal(): boolean;
  outputIsTerminal(): boolean;
  errorIsTerminal(): boolean;
  /** Columns of the terminal, 80 when unknown. */
  columns(): number;
  /**
   * Writes all bytes to standard output; throws a FileError with code EPIPE when the reader left.
   */
  writeOutput(bytes: Uint8Array): void;
  writeError(bytes: Uint8Array): void;
}

/** A failure of the file system, with the code of the system call (ENOENT, EACCES, ENOSPC, …). */
export class FileError extends Error {
  override readonly name = "FileError";
  constructor(
    readonly code: string,
    readonly operation: string,
    readonly path: string,
    cause?: unknown,
  ) {
    super(`${operation} ${path}: ${code}`, { cause });
  }
}
