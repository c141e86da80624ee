import { LaminError } from "../../errors.ts";
import { checkedName, noBytesAt } from "../blob_name.ts";
import type { BlobEntry, BlobReader, FolderEntry, UnfinishedBatch } from "../blob_store.ts";
import { onlyForReading } from "../remote/read_only.ts";
import type { RemoteBlobs } from "../remote/remote_blobs.ts";
import { parseContentRange, totalOfUnsatisfied } from "./content_range.ts";
import { follow } from "./follow.ts";
import type { HttpAnswer } from "./http_answer.ts";
import type { HttpClient } from "./http_client.ts";
import type { HttpLocation } from "./http_location.ts";
import { openRanges } from "./range_reader.ts";
import { forEachOf } from "../../for_each_of.ts";

const anywhere = "linux";

/** Ways to list a place, where its server has one. */
export interface HttpListing {
  list(folder: string): AsyncIterable<BlobEntry>;
  entries(folder: string): Promise<readonly FolderEntry[]>;
}

/** A place from which blobs are read by http and to which nothing is written. */
export class HttpBlobs implements RemoteBlobs {
  readonly kind = "http";

  constructor(
    private readonly client: HttpClient,
    private readonly location: HttpLocation,
    private readonly listing?: HttpListing,
  ) {}

  async sizes(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    for (const name of names) checkedName(name, anywhere);
    const found = new Map<string, number>();
    await forEachOf(names, 16, async (name) => {
      const size = (await this.entry(name))?.size;
      if (size !== undefined) found.set(name, size);
    });
    return new Map(names.flatMap((name) => found.has(name) ? [[name, found.get(name)!]] : []));
  }

  async entry(name: string): Promise<BlobEntry | undefined> {
    checkedName(name, anywhere);
    if (name.endsWith("/")) return undefined;
    const head = await this.#ask(name, "HEAD", {});
    head.discard();
    const told = head.headers.get("content-length");
    if (head.status === 200 && told !== null && /^\d{1,15}$/.test(told)) {
      return entryOf(name, Number(told), head);
    }
    if (isAbsent(head.status)) return undefined;
    // Links that are signed for GET allow no HEAD, and some servers tell no length.
    const first = await this.#ask(name, "GET", { range: "bytes=0-0" });
    first.discard();
    if (isAbsent(first.status)) return undefined;
    const range = first.headers.get("content-range");
    const size = first.status === 206
      ? parseContentRange(range)?.total
      : first.status === 416
      ? totalOfUnsatisfied(range)
      : first.status === 200
      ? first.length
      : undefined;
    if (size === undefined) throw this.#failure(name, first.status);
    return entryOf(name, size, first);
  }

  async open(name: string): Promise<BlobReader> {
    checkedName(name, anywhere);
    if (name.endsWith("/")) throw noBytesAt(name);
    return await openRanges({
      name,
      attempts: this.client.patience.attempts,
      get: async (from, to, version) => {
        const answer = await this.#ask(name, "GET", {
          range: `bytes=${from}-${to === undefined ? "" : to - 1}`,
          // Of another version all is given instead of a part. Weak ETags cannot be asked for.
          ...(version?.startsWith('"') ? { "if-range": version } : {}),
        });
        if (isAbsent(answer.status)) {
          answer.discard();
          throw noBytesAt(name);
        }
        if ([200, 206, 412, 416].includes(answer.status)) return answer;
        answer.discard();
        throw this.#failure(name, answer.status);
      },
    });
  }

  async *list(folder: string): AsyncIterable<BlobEntry> {
    checkedName(folder, anywhere);
    if (this.listing === undefined) throw this.#noList();
    yield* this.listing.list(folder);
  }

  async entries(folder: string): Promise<readonly FolderEntry[]> {
    checkedName(folder, anywhere);
    if (this.listing === undefined) throw this.#noList();
    return await this.listing.entries(folder);
  }

  // Async so that it rejects, here and below.
  // deno-lint-ignore require-await
  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) checkedName(name, anywhere);
    if (names.length > 0) throw onlyForReading(this.location.root);
  }

  // deno-lint-ignore require-await
  async move(from: string, to: string): Promise<boolean> {
    checkedName(from, anywhere);
    checkedName(to, anywhere);
    throw onlyForReading(this.location.root);
  }

  // deno-lint-ignore require-await
  async send(): Promise<void> {
    throw onlyForReading(this.location.root);
  }

  unfinished(): Promise<readonly UnfinishedBatch[]> {
    return Promise.resolve([]);
  }

  async #ask(
    name: string,
    method: "GET" | "HEAD",
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer> {
    return await follow(this.client, `read ${name}`, {
      method,
      url: this.location.urlOf(name),
      // Packed bytes have other lengths and offsets than those that are asked for.
      headers: { ...this.location.headers, "accept-encoding": "identity", ...headers },
    });
  }

  #failure(name: string, status: number): LaminError {
    const data = { name, status };
    if (status === 401 || status === 403) {
      return new LaminError("denied", `the server does not let ${name} be read`, {
        hint: "check the address and whether it asks for a password or token",
        data,
      });
    }
    return new LaminError("failed", `could not read ${name}: the server says status ${status}`, {
      hint: "try again",
      data,
    });
  }

  #noList(): LaminError {
    return new LaminError("failed", `what lies at ${this.location.root} cannot be listed`, {
      hint: "name each file",
      data: { root: this.location.root },
    });
  }
}

function isAbsent(status: number): boolean {
  return status === 404 || status === 410;
}

function entryOf(name: string, size: number, { headers }: HttpAnswer): BlobEntry {
  const modified = Date.parse(headers.get("last-modified") ?? "");
  const etag = headers.get("etag");
  return {
    name,
    size,
    writtenAt: new Date(Number.isNaN(modified) ? 0 : modified),
    ...(etag === null ? {} : { etag }),
  };
}
