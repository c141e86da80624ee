import { whyNotWritten } from "../../identity/key.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { Decision } from "./decide.ts";
import type { Recorded } from "./record.ts";

/** What became of one source: enough to tell of it, since there may be very many. */
export interface Added {
  readonly kind: Decision["kind"] | "updated";
  /** Id of the artifact; undefined when it is only planned. */
  readonly id?: number;
  readonly uid: string;
  readonly key: string | null;
  readonly description: string | null;
  readonly versionTag: string | null;
  /** In bytes. */
  readonly size: number;
  /** The path of a file in the work tree. */
  readonly workPath?: string;
  /** All fields; of what is planned and of some others, since the rest is in the database. */
  readonly draft?: ArtifactRow;
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

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What became of all sources. The many are kept as text, which takes a fraction of objects. */
export class AddedAll implements Iterable<Added> {
  readonly counts = new Map<Added["kind"], number>();
  /** The first ones of which something changed. */
  readonly listed: Added[] = [];
  /** Names that are fine where a file lies, but that no file gets from us: others share it. */
  readonly unwritable: Unwritable[] = [];
  readonly #pieces: Uint8Array[] = [];
  #tail: Added[] = [];
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
    const one: Added = {
      kind,
      ...(options.isPlanned && !row.id ? {} : { id: row.id }),
      uid: row.uid,
      key: row.key,
      description: row.description,
      versionTag: row.version_tag,
      size: prepared.size,
      ...(source.isFolder || source.workPath === undefined ? {} : { workPath: source.workPath }),
      ...(options.isPlanned || options.keepsRow ? { draft: row } : {}),
    };
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    if (kind !== "unchanged") this.#noteChange(one, prepared.manifest?.map(({ path }) => path));
    this.#tail.push(one);
    if (this.#tail.length < pieceLength) return;
    this.#pieces.push(encoder.encode(JSON.stringify(this.#tail)));
    this.#tail = [];
  }

  *[Symbol.iterator](): Iterator<Added> {
    for (const piece of this.#pieces) yield* JSON.parse(decoder.decode(piece)) as Added[];
    yield* this.#tail;
  }

  #noteChange(one: Added, members: readonly string[] | undefined): void {
    this.#bytes += one.size;
    if (this.listed.length < listedMax) this.listed.push(one);
    const { key } = one;
    if (key === null) return;
    for (const path of members?.map((member) => `${key}/${member}`) ?? [key]) {
      const why = whyNotWritten(path);
      if (why === null) continue;
      this.#unwritableCount++;
      if (this.unwritable.length < unwritableMax) this.unwritable.push({ path, why });
    }
  }
}
