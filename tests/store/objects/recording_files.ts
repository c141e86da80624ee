import { FileError, type Files, type Host } from "../../../store/host/host.ts";

/** A host over another one whose file calls are noted, and can be made to fail. */
export interface RecordingHost {
  readonly host: Host;
  /** Calls that change or flush something, as `rename /from /to`. */
  readonly calls: string[];
}

/** `onCall` is asked before each noted call, and may throw instead of it. */
export function recordingHost(
  inner: Host,
  onCall: (call: string, index: number) => void = () => {},
): RecordingHost {
  const calls: string[] = [];
  const note = (call: string) => {
    onCall(call, calls.length);
    calls.push(call);
  };
  const { files } = inner;
  const recording: Files = {
    ...files,
    open: (path, options) => {
      if (options.createNew) note(`create ${path}`);
      const file = files.open(path, options);
      return {
        read: (buffer) => file.read(buffer),
        write: (bytes) => file.write(bytes),
        seek: (offset) => file.seek(offset),
        stat: () => file.stat(),
        close: () => file.close(),
        flush: () => {
          note(`flush ${path}`);
          file.flush();
        },
      };
    },
    makeDirectory: (path, options) => {
      note(`make ${path}`);
      files.makeDirectory(path, options);
    },
    copyFile: (from, to) => {
      note(`copy ${from} ${to}`);
      files.copyFile(from, to);
    },
    hardLink: (existing, name) => {
      note(`link ${existing} ${name}`);
      files.hardLink(existing, name);
    },
    remove: (path) => {
      note(`remove ${path}`);
      files.remove(path);
    },
    removeTree: (path) => {
      note(`remove ${path}`);
      files.removeTree(path);
    },
    rename: (from, to) => {
      note(`rename ${from} ${to}`);
      files.rename(from, to);
    },
    flushDirectory: (path) => {
      note(`flush-folder ${path}`);
      files.flushDirectory(path);
    },
    flushFileSystem: async (path) => {
      note(`flush-all ${path}`);
      return await files.flushFileSystem(path);
    },
  };
  return { host: { ...inner, files: recording }, calls };
}

/** A failure as the system reports it. */
export function fileFailure(code: string): FileError {
  return new FileError(code, "test", "somewhere");
}
