import { LaminError } from "../../../store/errors.ts";
import { FileError } from "../../../store/host/host.ts";
import type { WorkTree } from "../../../store/work_tree.ts";
import { parseRelativePath, type RelativePath } from "../../identity/key.ts";
import type { FileMove } from "./file_moves.ts";

/** Failures that mean that the file system has no second names for files. */
const withoutLinks: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK"]);

/**
 * Moves files so that a crash at any moment leaves every recorded byte under the name that its row
 * has. Those get their new name as a second one before the rows change, and lose the old one after.
 * Other files are renamed before, so that a crash leaves what moving by hand would: the same
 * command, given again, records it. `undo` takes everything back that `begin` did.
 */
export class Carrier {
  readonly #undo: (() => void)[] = [];
  readonly #finish: (() => void)[] = [];
  readonly #trees = new Set<WorkTree>();

  /** To be called inside the transaction, last. */
  async begin(moves: readonly FileMove[]): Promise<void> {
    for (const move of moves) {
      this.#trees.add(move.tree);
      if (move.recorded === undefined) this.#rename(move);
      else this.#link(move, move.recorded);
    }
    // A power loss must not take names that committed rows have.
    for (const tree of this.#trees) await tree.flushNames();
  }

  /** To be called when the rows are committed. */
  async finish(): Promise<void> {
    for (const work of this.#finish) work();
    for (const tree of this.#trees) await tree.flushNames();
  }

  /** To be called when they were not. What cannot be taken back is left for `status` to show. */
  undo(): void {
    for (const work of this.#undo.toReversed()) {
      try {
        work();
      } catch (error) {
        if (!(error instanceof FileError || error instanceof LaminError)) throw error;
      }
    }
  }

  #rename({ tree, from, to }: FileMove): void {
    tree.move(from, to);
    this.#undo.push(() => {
      tree.move(to, from);
      tree.remove(to); // folders that were made for it
    });
    this.#finish.push(() => tree.remove(from)); // folders that it leaves empty
  }

  #link(move: FileMove, files: readonly string[]): void {
    const { tree, from, to } = move;
    for (const file of files) {
      const name = below(to, file);
      try {
        tree.link(below(from, file), name);
      } catch (error) {
        const isFirst = file === files[0];
        if (!isFirst || !(error instanceof FileError) || !withoutLinks.has(error.code)) throw error;
        this.#rename(move);
        return;
      }
      this.#undo.push(() => tree.remove(name));
      this.#finish.push(() => tree.remove(below(from, file)));
    }
    this.#finish.push(() => tree.removeEmptyFolders(from));
  }
}

function below(path: RelativePath, file: string): RelativePath {
  return file === "" ? path : parseRelativePath(`${path}/${file}`);
}
