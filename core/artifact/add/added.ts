import { whyNotWritten } from "../../identity/key.ts";
import { type AddedPiece, type KeptAdded, packed, unpacked } from "./added_pieces.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { Prepared } from "./prepared.ts";
import type { Recorded } from "./record.ts";

/** What became of one source. */
export interface Added extends KeptAdded {
  readonly uid: string;
  readonly description: string | null;
  readonly versionTag: string | null;
  /** In bytes. */
  readonly size: number;
}

/** A name that no file gets from us, and why. */
export interface Unwritable {
  readonly path: string;
  readonly why: string;
}

/** How many are packed together. */
const pieceLength = 1000;
/** How many are there to be listed, and to be warned of. */
const listedMax = 20;
const unwritableMax = 3;

/** What became of all sources, of which there may be very many. */
export class AddedAll implements Iterable<KeptAdded> {
  readonly counts = new Map<Added["kind"], number>();
  /** The first ones of which something changed. */
  readonly listed: Added[] = [];
  /** Names that are fine where a file lies, but that no file gets from us: others share it. */
  readonly unwritable: Unwritable[] = [];
  readonly #pieces: AddedPiece[] = [];
  #tail: KeptAdded[] = [];
  #bytes = 0;
  #unwritableCount = 0;

  get length(): number {
    return this.#pieces.length * pieceLength + this.#tail.length;
  }

  /** Of how many something changed, and their size in bytes. */
  get changed(): { count: number; bytes: number } {
    return { count: this.length - (this.counts.get("unchanged") ?? 0), bytes: this.#bytes };
  }

  /** How many there are beside those in `unwritable`. */
  get moreUnwritable(): number {
    return this.#unwritableCount - this.unwritable.length;
  }

  push(
    { kind, row, prepared }: Recorded,
    options: { isPlanned: boolean; keepsRow?: boolean },
  ): void {
    const { source } = prepared;
    const isFile = !source.isFolder && source.workPath !== undefined;
    const one: KeptAdded = {
      kind,
      id: options.isPlanned && !row.id ? undefined : row.id,
      key: row.key,
      workPath: isFile ? source.workPath : undefined,
      draft: options.isPlanned || options.keepsRow ? row : undefined,
    };
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    if (kind !== "unchanged") {
      this.#bytes += prepared.size;
      if (this.listed.length < listedMax) this.listed.push({ ...one, ...shown(row, prepared) });
      this.#noteName(row.key, prepared.manifest?.map(({ path }) => path));
    }
    this.#tail.push(one);
    if (this.#tail.length < pieceLength) return;
    this.#pieces.push(packed(this.#tail));
    this.#tail = [];
  }

  *[Symbol.iterator](): Iterator<KeptAdded> {
    for (const piece of this.#pieces) yield* unpacked(piece);
    yield* this.#tail;
  }

  #noteName(key: string | null, members: readonly string[] | undefined): void {
    if (key === null) return;
    for (const path of members?.map((member) => `${key}/${member}`) ?? [key]) {
      const why = whyNotWritten(path);
      if (why === null) continue;
      this.#unwritableCount++;
      if (this.unwritable.length < unwritableMax) this.unwritable.push({ path, why });
    }
  }
}

function shown(row: ArtifactRow, { size }: Prepared): Omit<Added, keyof KeptAdded> {
  return { uid: row.uid, description: row.description, versionTag: row.version_tag, size };
}
