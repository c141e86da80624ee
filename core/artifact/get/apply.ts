import { LaminError } from "../../../store/errors.ts";
import type { FileStat, Host } from "../../../store/host/host.ts";
import { dirname, join, relativeTo } from "../../../store/path.ts";
import { type IndexedFile, indexEntry } from "../../../store/work_index/indexed_file.ts";
import type { WorkTree } from "../../../store/work_tree.ts";
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

/** Writes what was planned and remembers it for the index of the work tree. */
export class Writer {
  readonly #written: Written[] = [];

  constructor(private readonly tools: ApplyTools) {}

  /**
   * Writes the files of an artifact, each only once all of its bytes were read and checked. A
   * folder that is not there yet appears whole or not at all, so that half a data set is never
   * taken for one; where a folder is there already, files before the one at fault are there then.
   *
   * Throws code "damaged", "denied" or "conflict".
   */
  async write(planned: PlannedArtifact): Promise<void> {
    const files = planned.files.filter(({ action }) => action === "write");
    if (isNewFolder(this.tools.tree, planned)) return await this.#writeFolder(planned, files);
    for (const file of files) {
      const content = await this.#writeFile(planned.row, file, file.path);
      this.#remember(file, content);
    }
  }

  /** Writes under a temporary name beside the folder's own, then renames. */
  async #writeFolder(planned: PlannedArtifact, files: readonly PlannedFile[]): Promise<void> {
    const { tree } = this.tools;
    const path = parseRelativePath(planned.path);
    const temporary = parseRelativePath(temporaryBeside(this.tools.instance.host, path));
    const staged: RelativePath[] = [];
    const contents: ContentHash[] = [];
    try {
      for (const file of files) {
        const stagedPath = parseRelativePath(join(temporary, file.file.path));
        staged.push(stagedPath);
        contents.push(await this.#writeFile(planned.row, file, stagedPath));
      }
      tree.move(temporary, path);
    } catch (error) {
      for (const stagedPath of staged) tree.remove(stagedPath);
      tree.removeEmptyFolders(temporary);
      throw error;
    }
    files.forEach((file, index) => this.#remember(file, contents[index]!));
  }

  async #writeFile(
    row: ArtifactRow,
    planned: PlannedFile,
    path: RelativePath,
  ): Promise<ContentHash> {
    const { instance, tree, progress } = this.tools;
    let content: ContentHash | undefined;
    await tree.write(
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
    return content!;
  }

  /**
   * Entries for the index. As in git, one moment counts for all: that a program changed a file in
   * the very tick in which it appeared, keeping its size, would not be noticed.
   */
  get indexed(): IndexedFile[] {
    const now = this.tools.instance.host.now().getTime();
    return this.#written.map(({ path, stat, content }) => indexEntry(path, stat, now, content));
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

/**
 * A name in the same folder, which the walk of the work tree passes over
 * (core/work_tree/ignore.ts).
 */
function temporaryBeside(host: Host, path: RelativePath): string {
  return join(dirname(`/${path}`), `.${host.randomBytes(6).toHex()}.lamin-temporary`).slice(1);
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
