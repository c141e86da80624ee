import * as fs from "node:fs";
import { attempt } from "./attempt.ts";
import type { FileStat, OpenFile, OpenOptions } from "./host.ts";
import { FileError } from "./host.ts";
import { statBy } from "./node_stat.ts";
import { writeAll } from "./write_all.ts";

/** Opens a file by `node:fs`. */
export function openFile(path: string, options: OpenOptions): OpenFile {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND } = fs.constants;
  const writes = options.write || options.append;
  let flags = writes ? (options.read ? O_RDWR : O_WRONLY) : O_RDONLY;
  if (options.append) flags |= O_APPEND;
  if (options.create) flags |= O_CREAT;
  if (options.createNew) flags |= O_CREAT | O_EXCL;
  if (options.truncate) flags |= O_TRUNC;
  const descriptor = attempt("open", path, () => fs.openSync(path, flags, options.mode ?? 0o666));
  return new NodeOpenFile(descriptor, path, options.append === true);
}

/**
 * `node:fs` has no seek: until the first one the system keeps the position, so that pipes can be
 * read too; from then on it is kept here.
 */
class NodeOpenFile implements OpenFile {
  readonly #path: string;
  readonly #appends: boolean;
  #descriptor: number | undefined;
  #position: number | null = null;

  constructor(descriptor: number, path: string, appends: boolean) {
    this.#descriptor = descriptor;
    this.#path = path;
    this.#appends = appends;
  }

  read(buffer: Uint8Array): number {
    const count = this.#attempt(
      "read",
      (descriptor) => fs.readSync(descriptor, buffer, 0, buffer.length, this.#position),
    );
    if (this.#position !== null) this.#position += count;
    return count;
  }

  write(bytes: Uint8Array): void {
    writeAll(bytes, (rest) =>
      this.#attempt("write", (descriptor) => {
        const count = fs.writeSync(descriptor, rest, 0, rest.length, this.#position);
        if (this.#position !== null) {
          this.#position = this.#appends ? fs.fstatSync(descriptor).size : this.#position + count;
        }
        return count;
      }));
  }

  seek(offset: number): void {
    this.#attempt("seek", (descriptor) => {
      if (offset < 0) throw new FileError("EINVAL", "seek", this.#path);
      if (!fs.fstatSync(descriptor).isFile()) throw new FileError("ESPIPE", "seek", this.#path);
    });
    this.#position = offset;
  }

  flush(): void {
    this.#attempt("flush", (descriptor) => fs.fsyncSync(descriptor));
  }

  stat(): FileStat {
    return this.#attempt("stat", (descriptor) => statBy(fs.fstatSync, descriptor)!);
  }

  close(): void {
    this.#attempt("close", (descriptor) => {
      this.#descriptor = undefined;
      fs.closeSync(descriptor);
    });
  }

  /** The number of a closed file may already be another file's: it is never used again. */
  #attempt<T>(operation: string, work: (descriptor: number) => T): T {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) throw new FileError("EBADF", operation, this.#path);
    return attempt(operation, this.#path, () => work(descriptor));
  }
}
