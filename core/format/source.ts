import { LaminError } from "../../store/errors.ts";
import type { Files } from "../../store/host/host.ts";
import type { Source } from "./format.ts";

/** Bytes taken from a file at a time. */
const pieceBytes = 1024 * 1024;

/** A source over bytes in memory, which must not change while it is used. */
export function memorySource(name: string, bytes: Uint8Array, sha256?: string): Source {
  return {
    name,
    size: bytes.length,
    ...(sha256 === undefined ? {} : { sha256 }),
    read(offset, length) {
      if (!isRange(offset, length, bytes.length)) return Promise.reject(outside(name));
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
    async *stream() {
      if (bytes.length > 0) yield bytes;
    },
  };
}

/**
 * A source over a file on the host, as long as the file was when this was called. The file is open
 * only while it is read, so that there is nothing to close.
 *
 * @throws LaminError "not_found" when there is no file at `path`; "failed", while reading, when the
 * file has become shorter.
 */
export function fileSource(
  files: Files,
  path: string,
  known: { name?: string; sha256?: string } = {},
): Source {
  const name = known.name ?? path;
  const stat = files.stat(path);
  if (stat?.kind !== "file") {
    throw new LaminError("not_found", `There is no file ${name}.`, { data: { path } });
  }
  const { size } = stat;
  return {
    name,
    size,
    ...(known.sha256 === undefined ? {} : { sha256: known.sha256 }),
    // deno-lint-ignore require-await -- throws become rejections
    async read(offset, length) {
      if (!isRange(offset, length, size)) throw outside(name);
      const bytes = new Uint8Array(length);
      const file = files.open(path, { read: true });
      try {
        file.seek(offset);
        if (fill(file, bytes) < length) throw shorter(name);
      } finally {
        file.close();
      }
      return bytes;
    },
    async *stream() {
      const file = files.open(path, { read: true });
      try {
        for (let done = 0; done < size;) {
          const piece = new Uint8Array(Math.min(pieceBytes, size - done));
          if (fill(file, piece) < piece.length) throw shorter(name);
          done += piece.length;
          yield piece;
        }
      } finally {
        file.close();
      }
    },
  };
}

/** Reads until `bytes` are full or the file ends; returns the count. */
function fill(file: { read(buffer: Uint8Array): number }, bytes: Uint8Array): number {
  let done = 0;
  while (done < bytes.length) {
    const count = file.read(bytes.subarray(done));
    if (count === 0) break;
    done += count;
  }
  return done;
}

function isRange(offset: number, length: number, size: number): boolean {
  return Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 &&
    length >= 0 && offset + length <= size;
}

function outside(name: string): LaminError {
  return new LaminError("failed", `${name} was asked for bytes beyond its end.`);
}

function shorter(name: string): LaminError {
  return new LaminError("failed", `${name} became shorter while it was read.`, {
    hint: "Try again when nothing writes to it.",
  });
}
