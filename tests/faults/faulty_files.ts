import { attempt, attemptOrNull } from "../../store/host/attempt.ts";
import { FileError, type Files, type OpenFile } from "../../store/host/host.ts";
import type { CallKind, Effect, FaultyCalls } from "./fault.ts";
import { flip } from "./flip.ts";

/**
 * Files over others whose calls go wrong as planned. Failures come up below what the host makes of
 * them, so that an interrupted call is met as the system tells it.
 */
export function faultyFiles(files: Files, calls: FaultyCalls): Files {
  const call = <T>(kind: CallKind, name: string, path: string, work: () => T): T =>
    attempt(name, path, () => {
      fail(calls.meet(kind, path), name, path);
      return work();
    });
  const look = <T>(name: string, path: string, work: () => T | null): T | null =>
    attemptOrNull(name, path, () => {
      fail(calls.meet("stat", path), name, path);
      return work();
    });
  const open: Files["open"] = (path, options) =>
    call("open", "open", path, () => new FaultyFile(files.open(path, options), path, calls));
  return {
    lstat: (path) => look("lstat", path, () => files.lstat(path)),
    stat: (path) => look("stat", path, () => files.stat(path)),
    readDirectory: (path) =>
      call("readDirectory", "read directory", path, () => files.readDirectory(path)),
    readNames: (path) => call("readDirectory", "read directory", path, () => files.readNames(path)),
    readLink: (path) => call("readLink", "read link", path, () => files.readLink(path)),
    realPath: (path) => call("realPath", "resolve", path, () => files.realPath(path)),
    open,
    readFile: (path) =>
      attempt("read", path, () => {
        fail(calls.meet("open", path), "read", path);
        const effect = calls.meet("read", path);
        fail(effect, "read", path);
        return spoil(files.readFile(path), effect, calls);
      }),
    writeFile: (path, bytes, { createNew = false, mode } = {}) => {
      const how = createNew ? { createNew } : { create: true, truncate: true };
      const file = open(path, { write: true, ...how, ...(mode !== undefined && { mode }) });
      try {
        file.write(bytes);
      } finally {
        file.close();
      }
    },
    makeDirectory: (path, options) =>
      call("makeDirectory", "make directory", path, () => files.makeDirectory(path, options)),
    copyFile: (from, to) =>
      attempt("copy", to, () => {
        const effect = calls.meet("copyFile", from);
        fail(effect, "copy", to);
        files.copyFile(from, to);
        if (effect !== undefined) rewrite(files, to, effect, calls);
      }),
    rename: (from, to) => call("rename", "rename", to, () => files.rename(from, to)),
    hardLink: (existing, name) =>
      call("hardLink", "link", name, () => files.hardLink(existing, name)),
    remove: (path) => call("remove", "remove", path, () => files.remove(path)),
    removeTree: (path) => call("remove", "remove", path, () => files.removeTree(path)),
    setMode: (path, mode) => call("setMode", "set mode", path, () => files.setMode(path, mode)),
    setModified: (path, ms) => call("setMode", "set time", path, () => files.setModified(path, ms)),
    flushFileSystem: async (directory) =>
      calls.meet("flush", directory) === undefined && await files.flushFileSystem(directory),
    flushDirectory: (path) => call("flush", "flush", path, () => files.flushDirectory(path)),
  };
}

class FaultyFile implements OpenFile {
  #hasEnded = false;

  constructor(
    private readonly file: OpenFile,
    private readonly path: string,
    private readonly calls: FaultyCalls,
  ) {}

  read(buffer: Uint8Array): number {
    return attempt("read", this.path, () => {
      const effect = this.calls.meet("read", this.path);
      fail(effect, "read", this.path);
      if (effect === undefined || !("gives" in effect)) {
        return this.#hasEnded ? 0 : this.file.read(buffer);
      }
      if (effect.gives === "short read") return this.file.read(shorter(buffer));
      this.#hasEnded ||= effect.gives === "early end";
      const count = this.#hasEnded ? 0 : this.file.read(buffer);
      if (count > 0) flip(buffer.subarray(0, count), this.calls);
      return count;
    });
  }

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return; // no call at all
    const effect = this.calls.meet("write", this.path);
    if (effect !== undefined && isInterrupted(effect)) return this.file.write(bytes);
    // A disk that is full takes some of the bytes before it says so.
    if (effect !== undefined) this.file.write(half(bytes));
    fail(effect, "write", this.path);
    this.file.write(bytes);
  }

  seek(offset: number): void {
    this.file.seek(offset);
  }

  flush(): void {
    attempt("flush", this.path, () => {
      fail(this.calls.meet("flush", this.path), "flush", this.path);
      this.file.flush();
    });
  }

  stat() {
    return attempt("stat", this.path, () => {
      fail(this.calls.meet("stat", this.path), "stat", this.path);
      return this.file.stat();
    });
  }

  close(): void {
    this.file.close();
  }
}

function fail(effect: Effect | undefined, name: string, path: string): void {
  if (effect !== undefined && "fails" in effect) throw new FileError(effect.fails, name, path);
}

/** The host writes on after an interruption, knowing what was written. */
function isInterrupted(effect: Effect): boolean {
  return "fails" in effect && effect.fails === "EINTR";
}

/** A part of a buffer, at least a byte: none would mean the end. */
function shorter(buffer: Uint8Array): Uint8Array {
  return buffer.subarray(0, Math.ceil(buffer.length / 3));
}

function half(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length >> 1);
}

/** Bytes as a fault gives them; a whole file is never read short. */
function spoil(bytes: Uint8Array, effect: Effect | undefined, calls: FaultyCalls): Uint8Array {
  if (effect === undefined || !("gives" in effect) || effect.gives === "short read") return bytes;
  if (effect.gives === "early end") return half(bytes);
  const copy = bytes.slice();
  flip(copy, calls);
  return copy;
}

/** Spoils a copy that was just made. */
function rewrite(files: Files, path: string, effect: Effect, calls: FaultyCalls): void {
  const bytes = spoil(files.readFile(path), effect, calls);
  const mode = files.stat(path)!.mode;
  files.remove(path);
  files.writeFile(path, bytes, { createNew: true, mode });
}
