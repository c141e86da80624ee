import { FileError, type Hashing, type Host, type OpenFile } from "../../host/host.ts";
import { join } from "../../path.ts";
import { isOfDeadProcess, nameOfProcess } from "../../process_name.ts";
import { ifThere } from "../if_there.ts";

/** What was begun: the upload, and into which parts the bytes are cut. */
export interface JournalHead {
  readonly key: string;
  readonly upload: string;
  readonly size: number;
  readonly partSize: number;
}

/** A part that the server confirmed. */
export interface JournalPart {
  readonly number: number;
  readonly etag: string;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

const ending = ".upload";

/**
 * Notes of an upload in parts, in a local file, so that a process that died in it need not have
 * done its work in vain. The name of the file says which object it is and whose process.
 */
export class UploadJournal {
  readonly #parts = new Map<number, JournalPart>();
  #file: OpenFile | undefined;

  private constructor(
    private readonly host: Host,
    private readonly path: string,
    public head: JournalHead | undefined,
    parts: readonly JournalPart[],
  ) {
    for (const part of parts) this.#parts.set(part.number, part);
  }

  /**
   * The notes of a process that died while it sent the same object, taken over; else empty ones.
   * `place` tells server and bucket.
   */
  static open(
    host: Host,
    hashing: Hashing,
    folder: string,
    place: string,
    key: string,
  ): UploadJournal {
    host.files.makeDirectory(folder, { recursive: true, mode: 0o700 });
    const start = hashing.digest("sha256", new TextEncoder().encode(`${place}\n${key}`)).toHex();
    const path = join(folder, `${start}.${nameOfProcess(host)}${ending}`);
    for (const name of host.files.readNames(folder)) {
      if (!name.startsWith(`${start}.`) || !name.endsWith(ending)) continue;
      const owner = name.slice(start.length + 1, -ending.length);
      if (!isOfDeadProcess(host, owner)) continue;
      // Whoever renames it has it.
      if (ifThere(() => (host.files.rename(join(folder, name), path), true)) === undefined) {
        continue;
      }
      const { head, parts } = parse(host.files.readFile(path));
      if (head !== undefined && head.key === key) return new UploadJournal(host, path, head, parts);
    }
    return new UploadJournal(host, path, undefined, []);
  }

  part(number: number): JournalPart | undefined {
    return this.#parts.get(number);
  }

  /** Begins anew. */
  begin(head: JournalHead): void {
    this.#close();
    this.head = head;
    this.#parts.clear();
    this.#file = this.host.files.open(this.path, {
      write: true,
      create: true,
      truncate: true,
      mode: 0o600,
    });
    this.#write(head);
  }

  note(part: JournalPart): void {
    this.#parts.set(part.number, part);
    this.#file ??= this.host.files.open(this.path, { append: true });
    this.#write(part);
  }

  #write(line: JournalHead | JournalPart): void {
    this.#file!.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
  }

  /** The upload is over. */
  remove(): void {
    this.#close();
    ifThere(() => this.host.files.remove(this.path));
  }

  /** Leaves the notes for whoever goes on. */
  leave(): void {
    this.#close();
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

/** The uploads of this folder by their ids, and whether their process is known to be dead. */
export function notedUploads(host: Host, folder: string): Map<string, { isDead: boolean }> {
  const found = new Map<string, { isDead: boolean }>();
  for (const name of ifThere(() => host.files.readNames(folder)) ?? []) {
    if (!name.endsWith(ending)) continue;
    const bytes = readable(() => host.files.readFile(join(folder, name)));
    const upload = bytes && parse(bytes).head?.upload;
    const owner = name.slice(name.indexOf(".") + 1, -ending.length);
    if (upload !== undefined) found.set(upload, { isDead: isOfDeadProcess(host, owner) });
  }
  return found;
}

/** A line that was not written to its end is left out, with all behind it. */
function parse(bytes: Uint8Array): { head: JournalHead | undefined; parts: JournalPart[] } {
  const lines: unknown[] = [];
  for (const line of new TextDecoder().decode(bytes).split("\n").slice(0, -1)) {
    try {
      lines.push(JSON.parse(line));
    } catch {
      break;
    }
  }
  const [head, ...parts] = lines;
  return isHead(head) ? { head, parts: parts.filter(isPart) } : { head: undefined, parts: [] };
}

function isHead(line: unknown): line is JournalHead {
  const { key, upload, size, partSize } = (line ?? {}) as Record<string, unknown>;
  return typeof key === "string" && typeof upload === "string" && typeof size === "number" &&
    typeof partSize === "number" && partSize > 0;
}

function isPart(line: unknown): line is JournalPart {
  const { number, etag, sha256 } = (line ?? {}) as Record<string, unknown>;
  return typeof number === "number" && typeof etag === "string" && typeof sha256 === "string";
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
