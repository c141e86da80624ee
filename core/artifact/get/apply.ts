import { LaminError } from "../../../store/errors.ts";
import { FileClock } from "../../../store/file_clock.ts";
import { FileError, type FileStat } from "../../../store/host/host.ts";
import { dirname, join, relativeTo } from "../../../store/path.ts";
import { type IndexedFile, indexEntry } from "../../../store/work_index/indexed_file.ts";
import type { Arrival, WorkTree } from "../../../store/work_tree.ts";
import type { ContentHash } from "../../identity/content_hasher.ts";
import { parseRelativePath, type RelativePath } from "../../identity/key.ts";
import type { Instance } from "../../instance/instance.ts";
import { verifiedBytes } from "../open_content.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { PlannedArtifact, PlannedFile } from "./plan.ts";

export interface ApplyTools {
  readonly instance: Instance;
  readonly tree: WorkTree;
  readonly progress: (bytes: number, files: number) => void;
}

/** A file that was written, for the index. */
interface Written {
  readonly path: string;
  readonly stat: FileStat;
  readonly content: ContentHash;
}

interface StagedFile {
  readonly arrival: Arrival;
  readonly content: ContentHash;
}

/** An artifact that lies complete under temporary names. */
interface Waiting {
  readonly planned: PlannedArtifact;
  readonly files: readonly { readonly planned: PlannedFile; readonly content: ContentHash }[];
  /** Absolute paths of what has to be on the disk before it is given its names. */
  readonly bytes: readonly string[];
  readonly place: () => void;
  readonly drop: () => void;
}

/** How many files wait at most for being flushed together. */
const waitingMax = 1000;

/**
 * Writes what was planned and remembers it for the index of the work tree. Files are written under
 * temporary names, flushed together and renamed, so that a power loss leaves what was there or what
 * was wanted.
 */
export class Writer {
  readonly #written: Written[] = [];
  #waiting: Waiting[] = [];

  constructor(private readonly tools: ApplyTools) {}

  /** Whether so much waits that it should be settled. */
  get isFull(): boolean {
    return this.#waiting.reduce((sum, { files }) => sum + files.length, 0) >= waitingMax;
  }

  /** Removes what an earlier `get` that died left where files of an artifact are. */
  tidy({ files }: PlannedArtifact): void {
    for (const { path, action } of files) {
      // What is left as it is may lie behind a link of the user's.
      if (action !== "skip") this.tools.tree.tidyBeside(parseRelativePath(path));
    }
  }

  /**
   * Writes the files of an artifact under temporary names, once all of their bytes were read and
   * checked. Throws code "damaged", "denied" or "conflict"; nothing of it is left then.
   */
  async stage(planned: PlannedArtifact): Promise<void> {
    const files = planned.files.filter(({ action }) => action === "write");
    const isFolder = isNewFolder(this.tools.tree, planned);
    this.#waiting.push(
      isFolder ? await this.#stageFolder(planned, files) : await this.#stageFiles(planned, files),
    );
  }

  /**
   * Puts everything staged in its place. A folder that is not there yet appears whole or not at
   * all, so that half a data set is never taken for one; where a folder is there already, files
   * before one that fails are there then. Gives the failures.
   */
  async settle(): Promise<ReadonlyMap<PlannedArtifact, unknown>> {
    const { tree } = this.tools;
    const faults = new Map<PlannedArtifact, unknown>();
    await tree.flushBytes(this.#waiting.flatMap(({ bytes }) => bytes));
    await tree.flushNames();
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      try {
        next.place();
        for (const { planned, content } of next.files) this.#remember(planned, content);
      } catch (error) {
        next.drop();
        faults.set(next.planned, error);
      }
      this.#waiting.shift();
    }
    await tree.flushNames();
    return faults;
  }

  /** Removes what waits. */
  discard(): void {
    for (const { drop } of this.#waiting) drop();
    this.#waiting = [];
  }

  async #stageFiles(planned: PlannedArtifact, files: readonly PlannedFile[]): Promise<Waiting> {
    const { tree } = this.tools;
    const staged: (StagedFile & { planned: PlannedFile })[] = [];
    const drop = () => staged.forEach(({ arrival }) => clearAway(() => tree.drop(arrival)));
    try {
      for (const file of files) {
        const path = parseRelativePath(file.path);
        staged.push({ planned: file, ...await this.#stageFile(planned.row, file, path) });
      }
    } catch (error) {
      drop();
      throw error;
    }
    const place = () => staged.forEach(({ arrival }) => tree.place(arrival));
    const bytes = staged.map(({ arrival }) => arrival.temporary);
    return { planned, files: staged, bytes, place, drop };
  }

  /** Writes under a temporary name beside the folder's own. */
  async #stageFolder(planned: PlannedArtifact, files: readonly PlannedFile[]): Promise<Waiting> {
    const { tree } = this.tools;
    const path = parseRelativePath(planned.path);
    const temporary = tree.temporaryBeside(path);
    const staged: { path: RelativePath; planned: PlannedFile; content: ContentHash }[] = [];
    const drop = () => {
      for (const { path } of staged) clearAway(() => tree.remove(path));
      clearAway(() => tree.removeEmptyFolders(temporary));
    };
    try {
      for (const file of files) {
        const path = parseRelativePath(join(temporary, file.file.path));
        const { arrival, content } = await this.#stageFile(planned.row, file, path);
        placeOrDrop(tree, arrival);
        staged.push({ path, planned: file, content });
      }
    } catch (error) {
      drop();
      throw error;
    }
    const bytes = staged.map(({ path }) => join(tree.root, path));
    return { planned, files: staged, bytes, place: () => tree.move(temporary, path), drop };
  }

  async #stageFile(
    row: ArtifactRow,
    planned: PlannedFile,
    path: RelativePath,
  ): Promise<StagedFile> {
    const { instance, tree, progress } = this.tools;
    let content: ContentHash | undefined;
    const arrival = await tree.stage(
      path,
      async (append) => {
        const bytes = verifiedBytes(instance, row, planned.file);
        content = await drain(bytes, (piece) => {
          append(piece);
          progress(piece.length, 0);
        });
      },
      (present) => requireAsPlanned(planned, present),
    );
    progress(0, 1);
    return { arrival, content: content! };
  }

  /**
   * Entries for the index. As in git, one moment counts for all: that a program changed a file in
   * the very tick in which it appeared, keeping its size, would not be noticed.
   */
  get indexed(): IndexedFile[] {
    const { host, workIndexPath } = this.tools.instance;
    const clock = new FileClock(host, dirname(workIndexPath));
    return this.#written.map(({ path, stat, content }) =>
      indexEntry(path, stat, clock.before(stat), content)
    );
  }

  #remember({ path }: PlannedFile, content: ContentHash): void {
    const { instance, tree } = this.tools;
    const workPath = relativeTo(instance.workTree.root, join(tree.root, path));
    const stat = tree.stat(path);
    if (workPath !== undefined && stat !== null) {
      this.#written.push({ path: workPath, stat, content });
    }
  }
}

/** Whether an artifact is a folder, and nothing is where it goes. */
function isNewFolder(tree: WorkTree, { path, files }: PlannedArtifact): boolean {
  return files.length > 0 &&
    files.every(({ file, present }) => file.path !== "" && present === null) &&
    tree.stat(parseRelativePath(path)) === null;
}

function placeOrDrop(tree: WorkTree, arrival: Arrival): void {
  try {
    tree.place(arrival);
  } catch (error) {
    clearAway(() => tree.drop(arrival));
    throw error;
  }
}

/** Takes back what was staged, as far as that can be done; the next `get` finds the rest. */
function clearAway(work: () => void): void {
  try {
    work();
  } catch (error) {
    // What went wrong before says more.
    if (!(error instanceof FileError || error instanceof LaminError)) throw error;
  }
}

/** Hands every piece on; gives what the generator returns. */
async function drain<R>(
  bytes: AsyncGenerator<Uint8Array, R>,
  take: (piece: Uint8Array) => void,
): Promise<R> {
  try {
    for (;;) {
      const next = await bytes.next();
      if (next.done) return next.value;
      take(next.value);
    }
  } finally {
    // Closes the file when `take` failed.
    await bytes.return(undefined as R);
  }
}

/** Nothing that came or changed since it was planned is replaced. */
function requireAsPlanned({ path, present }: PlannedFile, now: FileStat | null): void {
  const isSame = present === null || now === null
    ? present === now
    : present.kind === now.kind && present.size === now.size && present.inode === now.inode &&
      present.modifiedMs === now.modifiedMs;
  if (isSame) return;
  throw new LaminError("conflict", `${path} was left as it is: it changed just now`, {
    hint: "run the command again",
    data: { path },
  });
}
