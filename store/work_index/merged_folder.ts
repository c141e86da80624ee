import type { IndexedFile } from "./indexed_file.ts";
import {
  canBePacked,
  noVerdict,
  PackedFolder,
  type PackedRow,
  packFolder,
  type Unpacked,
  type Verdict,
  verdictBit,
} from "./packed_folder.ts";

/** The entries of a folder while they are changed. */
export class MergedFolder {
  readonly #entries = new Map<string, Unpacked>();
  /** Artifacts that belong at paths here of which nothing is remembered. */
  readonly lost: number[] = [];
  /** False when the row is not what was written. */
  readonly isSound: boolean;
  #isChanged: boolean;

  constructor(private readonly path: string, row: PackedRow | undefined) {
    const folder = new PackedFolder(path, row);
    this.isSound = folder.isSound;
    this.#isChanged = !folder.isSound;
    folder.names.forEach((name, position) => {
      const verdict = folder.verdict(position);
      this.#entries.set(name, { entry: { folder, position }, verdict });
    });
  }

  get isChanged(): boolean {
    return this.#isChanged;
  }

  clearVerdicts(): void {
    for (const name of this.#entries.keys()) this.#judge(name, noVerdict);
  }

  /** The artifact that belongs at a path stays known, also when the file has other content now. */
  take(files: ReadonlyMap<string, IndexedFile | null>): void {
    for (const [name, file] of files) {
      const before = this.#entries.get(name);
      const verdict = before?.verdict ?? noVerdict;
      if (file === null || !canBePacked(file)) {
        if (this.#entries.delete(name)) this.#isChanged = true;
        if (verdict.artifactId !== 0) this.lost.push(verdict.artifactId);
        continue;
      }
      const isSame = before !== undefined && sha256Of(before) === file.sha256;
      const bits = isSame ? verdict.bits : verdict.bits & ~verdictBit.clean;
      this.#entries.set(name, { entry: file, verdict: { ...verdict, bits } });
      this.#isChanged = true;
    }
  }

  judge(verdicts: ReadonlyMap<string, Verdict>): void {
    for (const [name, verdict] of verdicts) this.#judge(name, verdict);
  }

  packed(): PackedRow {
    return packFolder(this.path, this.#entries);
  }

  #judge(name: string, verdict: Verdict): void {
    const known = this.#entries.get(name);
    if (known === undefined) {
      if (verdict.artifactId !== 0) this.lost.push(verdict.artifactId);
      return;
    }
    const before = known.verdict;
    if (before.artifactId === verdict.artifactId && before.bits === verdict.bits) return;
    this.#entries.set(name, { entry: known.entry, verdict });
    this.#isChanged = true;
  }
}

function sha256Of({ entry }: Unpacked): string {
  return "folder" in entry ? entry.folder.sha256(entry.position) : entry.sha256;
}
