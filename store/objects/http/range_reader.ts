import { LaminError } from "../../errors.ts";
import { noBytesAt } from "../blob_name.ts";
import type { BlobReader } from "../blob_store.ts";
import { parseContentRange, totalOfUnsatisfied } from "./content_range.ts";
import type { HttpAnswer } from "./http_answer.ts";
import { WrongLength } from "./http_failure.ts";
import { RangeStream } from "./range_stream.ts";

/** How the bytes of one blob are asked for. */
export interface RangeSource {
  readonly name: string;
  /**
   * Whether bytes that are all of the blob fit the checksum in the answer's headers, where there is
   * one.
   */
  isRight?(bytes: Uint8Array, headers: Headers): boolean;
  /** Attempts to go on after a lost connection without getting any byte. */
  readonly attempts: number;
  /**
   * Asks for the bytes from one offset up to another (not included) or to the end, of the version
   * that `version` tells. Gives answers of status 200, 206, 404, 412 and 416; throws at others.
   */
  get(from: number, to: number | undefined, version: string | undefined): Promise<HttpAnswer>;
}

/** The first bytes are fetched with the size: small blobs take one request in all. */
const firstLength = 1 << 16;

/** Who read so much in a row, having jumped before, is taken to go on. */
const runMin = 4 << 20;

/** The longest body that is kept where a server does not tell its length. */
const unmeasuredMax = 1 << 24;

/** Opens a blob for reading. Throws code "not_found". */
export async function openRanges(source: RangeSource): Promise<BlobReader> {
  const answer = await source.get(0, firstLength, undefined);
  const version = versionOf(answer);
  if (answer.status === 404 || answer.status === 412) {
    answer.discard();
    throw noBytesAt(source.name);
  }
  if (answer.status === 416) {
    answer.discard();
    const total = totalOfUnsatisfied(answer.headers.get("content-range"));
    // Of an empty blob there is no first byte, and not every server says that there are none.
    if (total === 0 || total === undefined) {
      return new RangeReader(source, version, 0, new Uint8Array());
    }
    throw brokenRules(source.name);
  }
  if (answer.status === 206) {
    const range = parseContentRange(answer.headers.get("content-range"));
    if (range?.from !== 0 || range.to >= firstLength) throw brokenRules(source.name, answer);
    const wanted = Math.min(firstLength, range.total);
    if (range.to + 1 !== wanted) throw brokenRules(source.name, answer);
    const first = await firstBytes(source, answer, wanted, wanted === range.total);
    return new RangeReader(source, version, range.total, first);
  }
  const { length } = answer;
  if (length === undefined || length <= firstLength) {
    const first = await firstBytes(source, answer, length, true);
    return new RangeReader(source, version, first.length, first);
  }
  return new RangeReader(source, version, length, new Uint8Array(), new RangeStream(answer, 0));
}

/** The body of the first answer, asked for again when the connection is lost. */
async function firstBytes(
  source: RangeSource,
  first: HttpAnswer,
  length: number | undefined,
  isAll: boolean,
): Promise<Uint8Array> {
  const version = versionOf(first);
  let answer = first;
  for (let attempt = 1;; attempt++) {
    try {
      const bytes = await answer.bytes(length ?? unmeasuredMax);
      if (length !== undefined && bytes.length !== length) throw new WrongLength("short");
      if (isAll && source.isRight?.(bytes, answer.headers) === false) throw new WrongChecksum();
      return bytes;
    } catch (error) {
      if (attempt >= source.attempts && error instanceof WrongChecksum) throw damaged(source.name);
      if (attempt >= source.attempts) throw lost(source.name, error);
      answer = await source.get(0, firstLength, version);
      if (versionOf(answer) !== version || answer.status !== first.status) {
        throw changed(source.name, answer);
      }
    }
  }
}

class WrongChecksum extends Error {}

class RangeReader implements BlobReader {
  #stream: RangeStream | undefined;
  /** Where the last read ended: who goes on from there, and never jumped, wants all of it. */
  #end: number;
  /** How many bytes were read one after another since somebody jumped; undefined before that. */
  #run: number | undefined;
  readonly #hasRanges: boolean;

  constructor(
    private readonly source: RangeSource,
    private readonly version: string | undefined,
    readonly size: number,
    private readonly first: Uint8Array,
    stream?: RangeStream,
  ) {
    this.#stream = stream;
    this.#hasRanges = stream === undefined;
    this.#end = first.length;
  }

  async read(offset: number, length: number, buffer?: Uint8Array): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const into = buffer !== undefined && buffer.length >= wanted
      ? buffer.subarray(0, wanted)
      : new Uint8Array(wanted);
    const known = this.first.subarray(offset, offset + wanted);
    into.set(known);
    if (known.length < wanted) {
      await this.#fetch(into.subarray(known.length), offset + known.length);
    }
    return into;
  }

  async #fetch(into: Uint8Array, offset: number): Promise<void> {
    this.#run = offset === this.#end ? this.#run : 0;
    let filled = 0;
    for (let attempt = 1; filled < into.length;) {
      try {
        const at = offset + filled;
        if (this.#stream?.position !== at) await this.#seek(at, offset + into.length);
        const count = await this.#stream!.fill(into.subarray(filled));
        if (count === 0) throw new WrongLength("the answer ended early");
        filled += count;
        attempt = 1;
      } catch (error) {
        if (error instanceof LaminError) throw error;
        const got = (this.#stream?.position ?? 0) - offset;
        this.close();
        if (got > filled) filled = got;
        else if (attempt++ >= this.source.attempts) throw lost(this.source.name, error);
      }
    }
    this.#end = offset + into.length;
    if (this.#run !== undefined) this.#run += into.length;
  }

  /** Begins an answer at an offset: of just the bytes needed, or of all where it goes on. */
  async #seek(from: number, to: number): Promise<void> {
    this.close();
    // What is under way of an answer that nobody reads to its end is lost.
    const goesOn = from === this.#end && (this.#run ?? runMin) >= runMin;
    const answer = await this.source.get(from, goesOn ? undefined : to, this.version);
    this.#stream = await this.#checked(answer, from, goesOn ? this.size : to);
  }

  async #checked(answer: HttpAnswer, from: number, to: number): Promise<RangeStream> {
    const { name } = this.source;
    if (answer.status === 404) {
      answer.discard();
      throw noBytesAt(name);
    }
    if (![200, 206].includes(answer.status) || versionOf(answer) !== this.version) {
      throw changed(name, answer);
    }
    if (answer.status === 206) {
      const range = parseContentRange(answer.headers.get("content-range"));
      if (range?.total !== this.size) throw changed(name, answer);
      if (range.from !== from || range.to + 1 !== to) throw brokenRules(name, answer);
      return new RangeStream(answer, from);
    }
    // A server that knows ranges gives all only of what is another version.
    if (this.#hasRanges || answer.length !== this.size) throw changed(name, answer);
    const stream = new RangeStream(answer, 0);
    await stream.skip(from);
    return stream;
  }

  close(): void {
    this.#stream?.end();
    this.#stream = undefined;
  }
}

/** What changes with the bytes: the ETag, else the time of the change. */
function versionOf({ headers }: HttpAnswer): string | undefined {
  return headers.get("etag") ?? headers.get("last-modified") ?? undefined;
}

function changed(name: string, answer: HttpAnswer): LaminError {
  answer.discard();
  return new LaminError("conflict", `${name} changed while it was read`, {
    hint: "run the command again",
    data: { name },
  });
}

function brokenRules(name: string, answer?: HttpAnswer): LaminError {
  answer?.discard();
  return new LaminError("failed", `the server gives other bytes of ${name} than were asked for`, {
    hint: "something between here and the server may be at fault; try again",
    data: { name },
  });
}

function damaged(name: string): LaminError {
  return new LaminError("damaged", `the bytes of ${name} do not fit the server's checksum`, {
    hint: "something between here and the server may be at fault; try again",
    data: { name },
  });
}

function lost(name: string, cause: unknown): LaminError {
  return new LaminError("failed", `the connection was lost while ${name} was read`, {
    hint: "run the command again",
    data: { name },
    cause,
  });
}
