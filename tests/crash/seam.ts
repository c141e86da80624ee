import type { Files, Host, OpenFile } from "../../store/host/host.ts";

/** A call that changes or flushes something on the disk. */
export type Call =
  | { readonly kind: "create" | "truncate" | "write" | "flush"; readonly path: string }
  | { readonly kind: "make" | "remove" | "mode"; readonly path: string }
  | { readonly kind: "flush-folder" | "flush-all"; readonly path: string }
  | {
    readonly kind: "copy" | "link" | "rename";
    readonly path: string;
    /** The new name. */
    readonly to: string;
  };

export interface Watcher {
  /** Before a call; what it throws comes in place of the call. */
  before?(call: Call): void;
  /** After one that did not fail. */
  after?(call: Call): void;
}

/** A call as text: `rename /from /to`. */
export function textOf(call: Call): string {
  return `${call.kind} ${call.path}${"to" in call ? ` ${call.to}` : ""}`;
}

/** A host over another one whose calls that change or flush something are watched. */
export function watchedHost(inner: Host, watcher: Watcher): Host {
  const watch: Watch = (call, work) => {
    watcher.before?.(call);
    const result = work();
    watcher.after?.(call);
    return result;
  };
  return { ...inner, files: watchedFiles(inner.files, watch, watcher) };
}

type Watch = <T>(call: Call, work: () => T) => T;

function watchedFiles(files: Files, watch: Watch, watcher: Watcher): Files {
  const open: Files["open"] = (path, options) => {
    const work = () => watchedFile(files.open(path, options), path, watch);
    if (options.createNew || (options.create && files.lstat(path) === null)) {
      return watch({ kind: "create", path }, work);
    }
    return options.truncate ? watch({ kind: "truncate", path }, work) : work();
  };
  return {
    ...files,
    open,
    writeFile: (path, bytes, { createNew = false, mode } = {}) => {
      const how = createNew ? { createNew } : { create: true, truncate: true };
      const file = open(path, { write: true, ...how, ...(mode === undefined ? {} : { mode }) });
      try {
        file.write(bytes);
      } finally {
        file.close();
      }
    },
    makeDirectory: (path, options) => {
      // A folder each, as the system makes them.
      if (options?.recursive) return makeMissing(files, watch, path);
      watch({ kind: "make", path }, () => files.makeDirectory(path, options));
    },
    copyFile: (path, to) => watch({ kind: "copy", path, to }, () => files.copyFile(path, to)),
    hardLink: (path, to) => watch({ kind: "link", path, to }, () => files.hardLink(path, to)),
    rename: (path, to) => watch({ kind: "rename", path, to }, () => files.rename(path, to)),
    remove: (path) => watch({ kind: "remove", path }, () => files.remove(path)),
    removeTree: (path) => removeEach(files, watch, path),
    setMode: (path, mode) => watch({ kind: "mode", path }, () => files.setMode(path, mode)),
    flushDirectory: (path) => {
      watch({ kind: "flush-folder", path }, () => files.flushDirectory(path));
    },
    flushFileSystem: async (path) => {
      const call = { kind: "flush-all", path } as const;
      watcher.before?.(call);
      const isDone = await files.flushFileSystem(path);
      if (isDone) watcher.after?.(call);
      return isDone;
    },
  };
}

function makeMissing(files: Files, watch: Watch, path: string): void {
  if (files.stat(path)?.kind === "directory") return;
  const above = path.slice(0, path.lastIndexOf("/"));
  if (above !== "") makeMissing(files, watch, above);
  watch({ kind: "make", path }, () => files.makeDirectory(path, { recursive: true }));
}

/** One after another, as the system removes them. */
function removeEach(files: Files, watch: Watch, path: string): void {
  if (files.lstat(path)?.kind === "directory") {
    for (const { name } of files.readDirectory(path)) removeEach(files, watch, `${path}/${name}`);
  }
  watch({ kind: "remove", path }, () => files.remove(path));
}

function watchedFile(file: OpenFile, path: string, watch: Watch): OpenFile {
  return {
    read: (buffer) => file.read(buffer),
    seek: (offset) => file.seek(offset),
    stat: () => file.stat(),
    close: () => file.close(),
    write: (bytes) => watch({ kind: "write", path }, () => file.write(bytes)),
    flush: () => watch({ kind: "flush", path }, () => file.flush()),
  };
}
