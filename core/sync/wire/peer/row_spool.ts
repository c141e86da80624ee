import { defaultCacheFolder } from "../../../cache/open_cache.ts";
import type { Host, OpenFile } from "../../../../store/host/host.ts";
import { join } from "../../../../store/path.ts";
import { removeLeftOvers, temporaryName } from "../../../../store/temporary_name.ts";
import { notSpoken } from "../frame.ts";
import { decodeJson, encodeJson, type Json } from "../json.ts";

/** The most that is written to the disk of what another instance sends. */
const bytesMax = 16 * 1024 ** 3;

/**
 * Rows that came from another instance and are used later, in a file of this user: what is fetched
 * before the target is locked need not be waited for under the lock.
 */
export class RowSpool {
  readonly #places = new Map<string, Map<number, readonly [offset: number, length: number]>>();
  #file: OpenFile | undefined;
  #path: string | undefined;
  #end = 0;

  constructor(private readonly host: Host) {}

  has(table: string, id: number): boolean {
    return this.#places.get(table)?.has(id) ?? false;
  }

  put(table: string, id: number, line: Json): void {
    const bytes = encodeJson(line);
    if (this.#end + bytes.length > bytesMax) throw notSpoken();
    const file = this.#opened();
    file.seek(this.#end);
    file.write(bytes);
    const places = this.#places.get(table) ?? new Map();
    this.#places.set(table, places.set(id, [this.#end, bytes.length]));
    this.#end += bytes.length;
  }

  get(table: string, id: number): Json | undefined {
    const place = this.#places.get(table)?.get(id);
    if (place === undefined) return undefined;
    const [offset, length] = place;
    const file = this.#opened();
    const bytes = new Uint8Array(length);
    file.seek(offset);
    for (let at = 0; at < length;) {
      const count = file.read(bytes.subarray(at));
      if (count === 0) return undefined;
      at += count;
    }
    return decodeJson(bytes);
  }

  /** Forgets all rows. */
  clear(): void {
    this.#places.clear();
    this.#end = 0;
  }

  close(): void {
    this.clear();
    this.#file?.close();
    this.#file = undefined;
    if (this.#path !== undefined) this.host.files.remove(this.#path);
    this.#path = undefined;
  }

  #opened(): OpenFile {
    if (this.#file !== undefined) return this.#file;
    const { files } = this.host;
    const folder = join(defaultCacheFolder(this.host), "transfers");
    files.makeDirectory(folder, { recursive: true });
    removeLeftOvers(this.host, folder);
    this.#path = join(folder, temporaryName(this.host));
    this.#file = files.open(this.#path, { read: true, write: true, createNew: true, mode: 0o600 });
    return this.#file;
  }
}
