import { LaminError } from "../../../../store/errors.ts";
import type { Hashing } from "../../../../store/host/host.ts";
import type { ContentHash } from "../../../identity/content_hasher.ts";
import type { ContentSource, SourceContent, SourceFile } from "../../contents/source.ts";
import { type Channel, linesOf } from "../channel.ts";
import { notSpoken } from "../frame.ts";
import { countIn, type Json, listIn, objectIn, orNull, textIn } from "../json.ts";
import { toldError } from "../wire_error.ts";
import { FileQueue } from "./file_queue.ts";
import { sha256In } from "./read_row.ts";

/** How many artifacts are described at once. */
const describedAtOnce = 1000;

/** How many artifacts are remembered between being described and being read. */
const rememberedMax = 5000;

/** The bytes of an instance behind a connection. */
export class WireContents implements ContentSource {
  readonly #queue: FileQueue;
  #described = new Map<string, ReadonlyMap<string, SourceFile>>();

  constructor(private readonly channel: Channel, hashing: Hashing) {
    this.#queue = new FileQueue(channel, hashing);
  }

  async describe(
    uids: readonly string[],
  ): Promise<ReadonlyMap<string, SourceContent | LaminError>> {
    const found = new Map<string, SourceContent | LaminError>();
    for (let start = 0; start < uids.length; start += describedAtOnce) {
      const batch = new Set(uids.slice(start, start + describedAtOnce));
      const answer = await this.channel.call("describe", { uids: [...batch] });
      for await (const line of linesOf(answer)) {
        const [uid, described] = describedIn(line);
        if (!batch.delete(uid)) throw notSpoken();
        found.set(uid, described);
        if (!(described instanceof LaminError)) this.#remember(described);
      }
    }
    return found;
  }

  async *open(uid: string, path: string): AsyncGenerator<Uint8Array, ContentHash> {
    if (!this.#described.has(uid)) {
      const failure = (await this.describe([uid])).get(uid);
      if (failure instanceof LaminError) throw failure;
    }
    const file = this.#described.get(uid)?.get(path);
    if (file !== undefined) return yield* this.#queue.open(uid, file);
    throw new LaminError("not_found", `${uid} is no longer there`, { data: { uid, path } });
  }

  locate(): undefined {
    return undefined;
  }

  #remember({ uid, files }: SourceContent): void {
    if (this.#described.size >= rememberedMax) this.#described = new Map();
    this.#described.set(uid, new Map(files.map((file) => [file.path, file])));
  }
}

function describedIn(line: Json): readonly [uid: string, described: SourceContent | LaminError] {
  const one = objectIn(line);
  const uid = textIn(one["uid"], 64);
  const failure = toldError(one["error"]);
  if (failure !== undefined) return [uid, failure];
  const text = (value: unknown) => textIn(value);
  return [uid, {
    uid,
    name: textIn(one["name"]),
    suffix: textIn(one["suffix"], 300),
    isFolder: one["isFolder"] === true,
    ...(one["isElsewhere"] === true ? { isElsewhere: true } as const : {}),
    sha256: orNull(one["sha256"], sha256In) ?? undefined,
    hash: orNull(one["hash"], text),
    hashType: orNull(one["hashType"], text),
    size: orNull(one["size"], countIn),
    files: listIn(one["files"]).map((value): SourceFile => {
      const [path, size, sha256] = listIn(value, 3);
      return {
        path: textIn(path),
        size: orNull(size, countIn),
        sha256: orNull(sha256, sha256In) ?? undefined,
      };
    }),
  }];
}
