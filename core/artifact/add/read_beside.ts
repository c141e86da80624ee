import type { FileDigests, FileHasher, Host } from "../../../store/host/host.ts";
import type { Source } from "./source.ts";

/** A command with fewer files is done before another thread would be of use. */
const filesMin = 5000;

/** A file that another thread read. */
export interface FileRead {
  readonly digests: FileDigests;
  /** When it began to be read, by the clock of the file. */
  readonly indexedMs: number;
}

/** What another thread read of some sources, by their position among them. */
export type ReadAhead = (nth: number) => FileRead | undefined;

/** When a file begins to be read; undefined for one that is not to be read on another thread. */
export type Before = (source: Source) => number | undefined;

/**
 * Lets another thread read and hash the files of a large command, while this one looks for the next
 * ones.
 */
export class ReadBeside {
  #taken = 0;
  #hasher: Promise<FileHasher | undefined> | undefined;
  /** Goes on with what was read last, once it is wanted. */
  #goOn: (() => Promise<void>) | undefined;

  constructor(private readonly host: Host) {}

  /**
   * Begins to read sources, goes on with those before, and calls `take` with what was read: at the
   * next call, or at once where no other thread reads.
   */
  async next(
    sources: readonly Source[],
    before: Before,
    take: (ahead: ReadAhead) => Promise<void>,
  ): Promise<void> {
    this.#taken += sources.length;
    if (this.#taken >= filesMin) this.#hasher ??= this.host.fileHasher();
    const hasher = await this.#hasher;
    const reading = hasher && read(hasher, sources, before);
    await this.finish();
    if (reading === undefined) await take(nothingRead);
    else this.#goOn = async () => await take(await reading);
  }

  async finish(): Promise<void> {
    const goOn = this.#goOn;
    this.#goOn = undefined;
    await goOn?.();
  }

  async close(): Promise<void> {
    await (await this.#hasher)?.close();
  }
}

const nothingRead: ReadAhead = () => undefined;

function read(
  hasher: FileHasher,
  sources: readonly Source[],
  before: Before,
): Promise<ReadAhead> {
  const asked: Source[] = [];
  const moments: number[] = [];
  const places = sources.map((source) => {
    const indexedMs = before(source);
    if (indexedMs === undefined) return undefined;
    moments.push(indexedMs);
    return asked.push(source) - 1;
  });
  return hasher.hash(asked).then((digestsOf) => (nth) => {
    const place = places[nth];
    const digests = place === undefined ? undefined : digestsOf(place);
    return digests && { digests, indexedMs: moments[place!]! };
  });
}
