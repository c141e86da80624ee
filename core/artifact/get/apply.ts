import { LaminError } from "../../../store/errors.ts";
import type { FileStat } from "../../../store/host/host.ts";
import { join, relativeTo } from "../../../store/path.ts";
import { type IndexedFile, indexEntry } from "../../../store/work_index.ts";
import type { WorkTree } from "../../../store/work_tree.ts";
import type { ContentHash } from "../../identity/content_hasher.ts";
import type { Instance } from "../../instance/instance.ts";
import { verifiedBytes } from "../open_content.ts";
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
   * Writes the files of an artifact, each only once all of its bytes were read and checked. Throws
   * code "damaged", "denied" or "conflict"; files before the one at fault are there then.
   */
  async write({ row, files }: PlannedArtifact): Promise<void> {
    const { instance, tree } = this.tools;
    for (const planned of files) {
      if (planned.action !== "write") continue;
      let content: ContentHash | undefined;
      await tree.write(
        planned.path,
        async (append) => {
          const bytes = verifiedBytes(instance, row, planned.file);
          content = await drain(bytes, (piece) => {
            append(piece);
            this.tools.progress(piece.length, 0);
          });
        },
        (present) => requireAsPlanned(planned, present),
      );
      this.tools.progress(0, 1);
      this.#remember(planned, content!);
    }
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
