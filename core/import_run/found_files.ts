import type { Refused } from "../artifact/add/source.ts";
import type { ImportedTask, TaskFile } from "./imported.ts";
import type { TakenFile, TakenFiles } from "./taken_files.ts";

/** An artifact that a task read or made. */
export interface FoundArtifact {
  readonly id: number;
  readonly uid: string;
}

interface FoundFile {
  readonly file: TaskFile;
  /** The file as it lies there, or why it is not taken. */
  readonly taken: TakenFile | string;
  artifact?: FoundArtifact;
}

/** What the files of tasks turned out to be: another task may have seen another content of one. */
export class FoundFiles {
  readonly #found = new Map<string, FoundFile>();

  private constructor() {}

  /** Looks at all files of the tasks. */
  static async of(taken: TakenFiles, tasks: readonly ImportedTask[]): Promise<FoundFiles> {
    const files = new FoundFiles();
    for (const task of tasks) {
      for (const file of [...task.inputs, ...task.outputs]) {
        const one = await taken.take(file, task.finishedAt);
        files.#found.set(nameOf(task, file), { file, taken: one });
      }
    }
    return files;
  }

  /** The keys of the files that are taken, by their paths. */
  get keys(): ReadonlyMap<string, string> {
    const taken = this.#found.values().map((one) => one.taken);
    return new Map(
      taken.filter((one) => typeof one === "object").map(({ path, key }) => [path, key]),
    );
  }

  /** The SHA-256 of what was not taken, where the workflow manager noted it. */
  missingContents(): string[] {
    return [...this.#found.values()].flatMap(({ taken, file: { sha256 } }) =>
      typeof taken === "string" && sha256 !== undefined ? [sha256] : []
    );
  }

  /** Notes which artifacts the files are, by their keys, and by the content of what is missing. */
  resolve(
    byKey: ReadonlyMap<string, FoundArtifact>,
    byContent: ReadonlyMap<string, FoundArtifact>,
  ): void {
    for (const one of this.#found.values()) {
      const { taken, file } = one;
      const artifact = typeof taken === "object"
        ? byKey.get(taken.key)
        : byContent.get(file.sha256 ?? "");
      if (artifact !== undefined) one.artifact = artifact;
    }
  }

  artifactOf(task: ImportedTask, file: TaskFile): FoundArtifact | undefined {
    return this.#found.get(nameOf(task, file))?.artifact;
  }

  /** Where a file of a task lies; undefined when it was not taken. */
  pathOf(task: ImportedTask, file: TaskFile): string | undefined {
    const taken = this.#found.get(nameOf(task, file))?.taken;
    return typeof taken === "object" ? taken.path : undefined;
  }

  /** The files that are not taken and no artifact has the content of, and why, each once. */
  unlinked(): Refused[] {
    const reasons = new Map<string, string>();
    for (const { file, taken, artifact } of this.#found.values()) {
      if (typeof taken === "string" && artifact === undefined) reasons.set(file.path, taken);
    }
    return [...reasons].map(([path, why]) => ({ path, why }));
  }
}

function nameOf({ id }: ImportedTask, { path }: TaskFile): string {
  return `${id}\0${path}`;
}
