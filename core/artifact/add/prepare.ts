import { LaminError } from "../../../store/errors.ts";
import type { Hashing } from "../../../store/host/host.ts";
import type { BlobBatch, StagedBlob } from "../../../store/objects/blob_store.ts";
import { FileClock } from "../../../store/file_clock.ts";
import { dirname, join } from "../../../store/path.ts";
import {
  type IndexedFile,
  indexEntry,
  isUnchanged,
} from "../../../store/work_index/indexed_file.ts";
import type { IndexedFiles } from "../../../store/work_index/indexed_files.ts";
import { contentOf } from "../../identity/content_hasher.ts";
import { folderHashType, hashFolder } from "../../identity/hash.ts";
import { formatManifest, manifestSha256 } from "../../identity/manifest.ts";
import { objectTypeOf } from "../../identity/object_type.ts";
import type { Instance } from "../../instance/instance.ts";
import { liesHere } from "../lies_here.ts";
import { objectName } from "../storage_key.ts";
import { type FolderFile, folderFiles } from "./folder_files.ts";
import {
  changedWhileRead,
  heldBytesMax,
  type Ingested,
  ingestFile,
  type IngestMode,
  type IngestTools,
} from "./ingest_file.ts";
import type { Prepared } from "./prepared.ts";
import { PreparedPieces } from "./prepared_pieces.ts";
import type { FileRead, ReadAhead } from "./read_beside.ts";
import { reasonToRefuse } from "./refusal.ts";
import { ServerStaging, type StagedObjects } from "./server_staging.ts";
import type { Refused, Source } from "./source.ts";
import { suffixFor } from "./suffix_for.ts";

export interface PrepareOptions {
  readonly mode: IngestMode;
  readonly indexed: IndexedFiles;
  readonly progress: (bytes: number, files: number) => void;
}

/** What is known of the store before sources are prepared. */
export interface KnownContent {
  readonly sizeIsKnown: (size: number) => boolean;
  /**
   * Names of files of earlier folder versions by SHA-256: what did not change is linked, not
   * copied.
   */
  readonly storedMembers: ReadonlyMap<string, string>;
}

/** Hashes sources and stages what the store does not have yet. */
export class Preparer {
  readonly prepared = new PreparedPieces();
  readonly refused: Refused[] = [];
  /** What to remember of the files that were read. */
  readonly indexed: IndexedFile[] = [];
  /** Objects that this batch stages, so that the same content twice is staged once. */
  readonly #staged = new Set<string>();
  readonly #clock: FileClock;
  readonly #server: ServerStaging | undefined;
  #known: KnownContent = { sizeIsKnown: () => false, storedMembers: new Map() };

  constructor(
    private readonly instance: Instance,
    private readonly batch: BlobBatch,
    private readonly options: PrepareOptions,
    private readonly hashing: Hashing,
  ) {
    this.#clock = new FileClock(instance.host, dirname(instance.workIndexPath));
    const isForServer = options.mode !== "hash only" && !liesHere(instance.blobs);
    this.#server = isForServer ? new ServerStaging(instance, batch) : undefined;
  }

  /**
   * Prepares some sources. One that cannot be read or that changes meanwhile is refused by name;
   * the others go on.
   */
  async take(
    sources: readonly Source[],
    known: KnownContent,
    ahead: ReadAhead,
  ): Promise<void> {
    this.#known = known;
    const waiting: Prepared[] = [];
    for (let nth = 0; nth < sources.length; nth++) {
      const source = sources[nth]!;
      try {
        const taken = source.isFolder
          ? this.#takeFolder(source)
          : this.#takeFile(source, ahead(nth));
        // Most are there at once, and waiting takes its time a million times.
        const prepared = taken instanceof Promise ? await taken : taken;
        if (this.#server === undefined) this.prepared.push(prepared);
        else waiting.push(prepared);
      } catch (error) {
        this.refused.push({ path: source.path, why: reasonToRefuse(error, source.path) });
      }
    }
    if (this.#server !== undefined) this.#takeStaged(waiting, await this.#server.stage());
  }

  #takeStaged(waiting: readonly Prepared[], { blobs, changed }: StagedObjects): void {
    const left = new Map(blobs);
    for (const prepared of waiting) {
      const object = objectName(prepared.sha256, prepared.suffix);
      const { path } = prepared.source;
      if (changed.has(object)) {
        this.refused.push({ path, why: reasonToRefuse(changedWhileRead(), path) });
        continue;
      }
      this.prepared.push({ ...prepared, staged: left.get(object) ?? [] });
      left.delete(object);
    }
  }

  /**
   * When a file begins to be read, by its own clock, of one that another thread can read; undefined
   * for all others.
   */
  readonly beforeReading = (source: Source): number | undefined => {
    const { isFolder, workPath, stat } = source;
    if (this.#isStoring || isFolder || stat.size > heldBytesMax) return undefined;
    const known = workPath === undefined ? undefined : this.options.indexed.get(workPath);
    return known !== undefined && isUnchanged(known, stat) ? undefined : this.#clock.before(stat);
  };

  #takeFile(source: Source, read: FileRead | undefined): Prepared | Promise<Prepared> {
    const suffix = suffixFor(source);
    if (read !== undefined) return this.#prepared(source, suffix, this.#takeRead(source, read));
    const nameOf = (sha256: string) => objectName(sha256, suffix);
    const ingested = this.#ingest(source.path, source.workPath, source.stat, nameOf);
    return ingested instanceof Promise
      ? ingested.then((one) => this.#prepared(source, suffix, one))
      : this.#prepared(source, suffix, ingested);
  }

  #takeRead(
    { workPath, stat }: Source,
    { digests, indexedMs }: FileRead,
  ): Ingested {
    const content = contentOf(digests);
    if (workPath !== undefined) this.indexed.push(indexEntry(workPath, stat, indexedMs, content));
    this.options.progress(stat.size, 1);
    return { ...content, size: stat.size, staged: undefined };
  }

  #prepared(source: Source, suffix: string, ingested: Ingested): Prepared {
    const { path, stat } = source;
    const { sha256, hash, hashType, size, staged } = ingested;
    const name = objectName(sha256, suffix);
    this.#server?.want({ name, path, stat, existing: undefined, staged });
    const isNew = staged !== undefined && this.#server === undefined && this.#name(ingested, name);
    return {
      source: withoutStat(source),
      sha256,
      hash,
      hashType,
      size,
      suffix,
      otype: objectTypeOf(path, null),
      manifest: undefined,
      staged: isNew ? [staged] : nothingStaged,
    };
  }

  async #takeFolder(source: Source): Promise<Prepared> {
    const suffix = suffixFor(source);
    const files = folderFiles(this.instance.host, source.path);
    if (files.length === 0) throw new LaminError("failed", "it is a folder without files");
    const ingested: { path: string; file: Ingested; found: FolderFile }[] = [];
    const nameOf = (sha256: string) => this.#known.storedMembers.get(sha256);
    for (const found of files) {
      const { path, absolute, stat } = found;
      const workPath = source.workPath === undefined ? undefined : join(source.workPath, path);
      ingested.push({ path, file: await this.#ingest(absolute, workPath, stat, nameOf), found });
    }
    const manifest = ingested.map(({ path, file }) => ({
      path,
      size: file.size,
      sha256: file.sha256,
    }));
    const sha256 = manifestSha256(this.hashing, formatManifest(manifest));
    // Members get their names only now that the manifest, which is part of them, is known.
    const staged: StagedBlob[] = [];
    for (const { path, file, found: { absolute, stat } } of ingested) {
      const name = `${objectName(sha256, suffix)}/${path}`;
      const existing = nameOf(file.sha256);
      if (this.#server !== undefined) {
        this.#server.want({ name, path: absolute, stat, existing, staged: file.staged });
        continue;
      }
      if (this.#name(file, name)) staged.push(file.staged!);
      if (file.staged === undefined) this.#alias(existing, name);
    }
    return {
      source: withoutStat(source),
      sha256,
      hash: hashFolder(this.hashing, ingested.map(({ file }) => file.hash)),
      hashType: folderHashType,
      size: manifest.reduce((sum, file) => sum + file.size, 0),
      suffix,
      otype: objectTypeOf(source.path, (path) => this.#readText(source.path, path)),
      manifest,
      staged,
    };
  }

  /** Content of a file: from the index where it is surely unchanged, else by reading it. */
  #ingest(
    path: string,
    workPath: string | undefined,
    stat: Source["stat"],
    nameOf: (sha256: string) => string | undefined,
  ): Ingested | Promise<Ingested> {
    const isStored = (sha256: string) => this.#isStored(nameOf(sha256), stat.size);
    const known = workPath === undefined ? undefined : this.options.indexed.get(workPath);
    if (known !== undefined && isUnchanged(known, stat) && isStored(known.sha256)) {
      this.options.progress(stat.size, 1);
      return { ...known, hashType: known.hashType as Ingested["hashType"], staged: undefined };
    }
    const indexedMs = workPath === undefined ? undefined : this.#clock.before(stat);
    const note = (ingested: Ingested) => {
      if (workPath !== undefined) {
        this.indexed.push(indexEntry(workPath, stat, indexedMs!, ingested));
      }
      this.options.progress(0, 1);
      return ingested;
    };
    const ingested = ingestFile(this.#tools(isStored, stat.size), path, stat);
    return ingested instanceof Promise ? ingested.then(note) : note(ingested);
  }

  #tools(isStored: (sha256: string) => boolean, size: number): IngestTools {
    return {
      host: this.instance.host,
      hashing: this.hashing,
      batch: this.batch,
      mode: this.#modeFor(size),
      isStored,
      sizeIsKnown: this.#known.sizeIsKnown,
      progress: (bytes) => this.options.progress(bytes, 0),
    };
  }

  /** What goes to a server is read when it is sent, and of large files more is learnt before. */
  #modeFor(size: number): IngestMode {
    if (this.#server === undefined) return this.options.mode;
    return size > heldBytesMax ? "copy" : "hash only";
  }

  /** Whether bytes are staged as they are read. */
  get #isStoring(): boolean {
    return this.options.mode !== "hash only" && this.#server === undefined;
  }

  #isStored(name: string | undefined, size: number): boolean {
    if (!this.#isStoring) return true;
    if (name === undefined) return false;
    if (this.#staged.has(name)) return true;
    const stat = this.instance.host.files.lstat(this.instance.blobs.locate(name)!);
    return stat?.kind === "file" && stat.size === size;
  }

  /** Whether the batch is to store the bytes under the name. */
  #name(ingested: Ingested, name: string): boolean {
    if (ingested.staged === undefined) return false;
    if (this.#staged.has(name)) this.batch.drop(ingested.staged);
    else if (this.batch.name(ingested.staged, name)) {
      this.#staged.add(name);
      return true;
    }
    return false;
  }

  #alias(existing: string | undefined, name: string): void {
    if (existing === undefined || existing === name || this.options.mode === "hash only") return;
    this.batch.alias(existing, name);
  }

  #readText(folder: string, path: string): string | null {
    try {
      return new TextDecoder().decode(this.instance.host.files.readFile(join(folder, path)));
    } catch {
      return null;
    }
  }
}

const nothingStaged: readonly StagedBlob[] = [];

/** There may be very many, and how the file was is of use only until it was read. */
function withoutStat({ path, workPath, key, isFolder }: Source): Prepared["source"] {
  return { path, workPath, key, isFolder };
}
