import * as fs from "node:fs";
import { attempt, fileError } from "./attempt.ts";
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
    const descriptor = this.#open("read");
    const count = attempt(
      "read",
      this.#path,
      () => fs.readSync(descriptor, buffer, 0, buffer.length, this.#position),
    );
    if (this.#position !== null) this.#position += count;
    return count;
  }

  write(bytes: Uint8Array): void {
    const descriptor = this.#open("write");
    writeAll(bytes, (rest) =>
      attempt("write", this.#path, () => {
        const count = fs.writeSync(descriptor, rest, 0, rest.length, this.#position);
        if (this.#position !== null) {
          this.#position = this.#appends ? fs.fstatSync(descriptor).size : this.#position + count;
        }
        return count;
      }));
  }

  async writeBeside(bytes: Uint8Array): Promise<void> {
    const descriptor = this.#open("write");
    for (let rest = bytes; rest.length > 0;) {
      const count = await written(descriptor, rest, this.#position).catch((error) => {
        throw fileError("write", this.#path, error);
      });
      if (this.#position !== null) this.#position += count;
      rest = rest.subarray(count);
    }
  }

  seek(offset: number): void {
    const descriptor = this.#open("seek");
    attempt("seek", this.#path, () => {
      if (offset < 0) throw new FileError("EINVAL", "seek", this.#path);
      if (!fs.fstatSync(descriptor).isFile()) throw new FileError("ESPIPE", "seek", this.#path);
    });
    this.#position = offset;
  }

  flush(): void {
    const descriptor = this.#open("flush");
    attempt("flush", this.#path, () => fs.fsyncSync(descriptor));
  }

  stat(): FileStat {
    const descriptor = this.#open("stat");
    return attempt("stat", this.#path, () => statBy(fs.fstatSync, descriptor)!);
  }

  close(): void {
    const descriptor = this.#open("close");
    this.#descriptor = undefined;
    attempt("close", this.#path, () => fs.closeSync(descriptor));
  }

  /** The number of a closed file may already be another file's: it is never used again. */
  #open(operation: string): number {
    if (this.#descriptor !== undefined) return this.#descriptor;
    throw new FileError("EBADF", operation, this.#path);
  }
}

function written(descriptor: number, bytes: Uint8Array, position: number | null): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(descriptor, bytes, 0, bytes.length, position, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}
