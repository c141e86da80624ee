import type {
  DirectoryEntry,
  FileKind,
  Files,
  FileStat,
  Host,
  OpenFile,
  OpenOptions,
  RunOptions,
  RunResult,
  Terminal,
} from "./host.ts";
import { attempt, attemptOrNull, fileError } from "./attempt.ts";
import { copyBytes } from "./copy_bytes.ts";
import { writeOutput } from "./deno_output.ts";
import { flushDirectoryBy } from "./flush_directory.ts";
import { loadHashing } from "./hashing.ts";
import { randomBytes } from "./random.ts";
import { writeAll } from "./write_all.ts";

/** The host made of Deno's own API, which starts faster than `node:` modules under Deno. */
export function denoHost(): Host {
  return {
    engine: "deno",
    platform: Deno.build.os === "darwin" || Deno.build.os === "windows" ? Deno.build.os : "linux",
    files: denoFiles,
    terminal: denoTerminal,
    environment: (name) => Deno.env.get(name) || undefined,
    environmentNames: () => Object.keys(Deno.env.toObject()),
    workingDirectory: () => Deno.cwd(),
    homeDirectory: () => Deno.env.get("HOME") || Deno.env.get("USERPROFILE") || homeOfUser(),
    hostName: () => Deno.hostname(),
    processId: () => Deno.pid,
    commandLine: () => Deno.args,
    exit: (code) => Deno.exit(code),
    userName: () => Deno.env.get("USER") || Deno.env.get("USERNAME") || undefined,
    now: () => new Date(),
    randomBytes,
    hashing: loadHashing,
    fileHasher: async () => (await import("./file_hasher.ts")).startFileHasher(),
    partHasher: async (partSize) => (await import("./part_hasher.ts")).startPartHasher(partSize),
    rowHasher: async (...rows) => (await import("./row_hasher.ts")).startRowHasher(...rows),
    run: runProgram,
    runAttached: async (...call) => (await import("./deno_attached.ts")).runAttached(...call),
    memoryBytes: () => Deno.memoryUsage().rss,
    tidyMemory: () => {}, // it collects early enough
  };
}

/**
 * By the system's list of users: services and `env -i` have no HOME. Deno's own API cannot tell.
 */
function homeOfUser(): string {
  return globalThis.process.getBuiltinModule("node:os").homedir() || "/";
}

async function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  try {
    const child = new Deno.Command(command, {
      args: [...args],
      stdin: options.input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
      ...(options.workingDirectory === undefined ? {} : { cwd: options.workingDirectory }),
      ...(options.environment === undefined ? {} : { env: options.environment }),
    }).spawn();
    // Written while the output is read: a program may answer before it has read everything.
    const written = options.input === undefined ? undefined : feed(child.stdin, options.input);
    const { code, stdout, stderr } = await child.output();
    await written;
    return { code, stdout, stderr };
  } catch (error) {
    throw fileError("run", command, error);
  }
}

async function feed(stdin: WritableStream<Uint8Array>, input: Uint8Array): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(input);
    await writer.close();
  } catch {
    // A program need not read its input to the end.
  }
}

function kindOf(info: Deno.FileInfo | Deno.DirEntry): FileKind {
  if (info.isSymlink) return "symlink";
  if (info.isFile) return "file";
  return info.isDirectory ? "directory" : "other";
}

function statOf(info: Deno.FileInfo): FileStat {
  return {
    kind: kindOf(info),
    size: info.size,
    modifiedMs: info.mtime?.getTime() ?? 0,
    changedMs: info.ctime?.getTime() ?? 0,
    inode: info.ino ?? 0,
    device: info.dev,
    links: info.nlink ?? 1,
    mode: (info.mode ?? 0) & 0o7777,
    userId: info.uid ?? 0,
  };
}

class DenoOpenFile implements OpenFile {
  constructor(private readonly file: Deno.FsFile, private readonly path: string) {}
  read(buffer: Uint8Array): number {
    return attempt("read", this.path, () => this.file.readSync(buffer) ?? 0);
  }
  write(bytes: Uint8Array): void {
    writeAll(bytes, (rest) => attempt("write", this.path, () => this.file.writeSync(rest)));
  }
  seek(offset: number): void {
    attempt("seek", this.path, () => this.file.seekSync(offset, Deno.SeekMode.Start));
  }
  flush(): void {
    attempt("flush", this.path, () => this.file.syncSync());
  }
  stat(): FileStat {
    return attempt("stat", this.path, () => statOf(this.file.statSync()));
  }
  close(): void {
    attempt("close", this.path, () => this.file.close());
  }
}

const denoFiles: Files = {
  lstat: (path) => attemptOrNull("lstat", path, () => statOf(Deno.lstatSync(path))),
  stat: (path) => attemptOrNull("stat", path, () => statOf(Deno.statSync(path))),
  readDirectory: (path) =>
    attempt("read directory", path, () => {
      const entries: DirectoryEntry[] = [];
      for (const entry of Deno.readDirSync(path)) {
        entries.push({ name: entry.name, kind: kindOf(entry) });
      }
      return entries;
    }),
  readNames: (path) =>
    attempt("read directory", path, () => {
      const names: string[] = [];
      for (const { name } of Deno.readDirSync(path)) names.push(name);
      return names;
    }),
  readLink: (path) => attempt("read link", path, () => Deno.readLinkSync(path)),
  realPath: (path) => attempt("resolve", path, () => Deno.realPathSync(path)),
  open: (path, options: OpenOptions) =>
    attempt("open", path, () => new DenoOpenFile(Deno.openSync(path, options), path)),
  readFile: (path) => attempt("read", path, () => Deno.readFileSync(path)),
  writeFile: (path, bytes, { createNew = false, mode } = {}) => {
    // Not Deno.writeFileSync, which also changes the mode of a file that exists.
    const flags = createNew ? { createNew } : { create: true, truncate: true };
    const file = denoFiles.open(path, {
      write: true,
      ...flags,
      ...(mode !== undefined && { mode }),
    });
    try {
      file.write(bytes);
    } finally {
      file.close();
    }
  },
  makeDirectory: (path, options = {}) =>
    attempt("make directory", path, () => Deno.mkdirSync(path, options)),
  copyFile: (from, to) =>
    attempt("copy", to, () => {
      // Deno.copyFileSync overwrites and follows a link at `to`: claim the name first.
      Deno.openSync(to, { write: true, createNew: true }).close();
      try {
        Deno.copyFileSync(from, to);
      } catch (error) {
        Deno.removeSync(to);
        if (fileError("copy", to, error).code !== "EPERM") throw error;
        copyBytes(denoFiles, from, to);
      }
    }),
  rename: (from, to) => attempt("rename", to, () => Deno.renameSync(from, to)),
  hardLink: (existing, name) => attempt("link", name, () => Deno.linkSync(existing, name)),
  remove: (path) => attempt("remove", path, () => Deno.removeSync(path)),
  removeTree: (path) => attempt("remove", path, () => Deno.removeSync(path, { recursive: true })),
  setMode: (path, mode) =>
    attempt("set mode", path, () => {
      if (Deno.build.os !== "windows") Deno.chmodSync(path, mode);
    }),
  setModified: (path, ms) =>
    attempt("set time", path, () => Deno.utimeSync(path, new Date(ms), new Date(ms))),
  flushFileSystem: async (directory) => {
    if (Deno.build.os !== "linux") return false;
    try {
      return (await runProgram("sync", ["-f", directory])).code === 0;
    } catch {
      return false; // no coreutils here
    }
  },
  flushDirectory: (directory) => {
    if (Deno.build.os === "windows") return;
    flushDirectoryBy(() => {
      const file = attempt("open", directory, () => Deno.openSync(directory, { read: true }));
      try {
        attempt("flush", directory, () => file.syncSync());
      } finally {
        file.close();
      }
    });
  },
};

async function* input(): AsyncGenerator<Uint8Array> {
  try {
    yield* Deno.stdin.readable;
  } catch (error) {
    throw fileError("read", "standard input", error);
  }
}

const denoTerminal: Terminal = {
  input,
  inputIsTerminal: () => Deno.stdin.isTerminal(),
  outputIsTerminal: () => Deno.stdout.isTerminal(),
  errorIsTerminal: () => Deno.stderr.isTerminal(),
  columns: () => {
    try {
      return Deno.consoleSize().columns || 80;
    } catch {
      return 80; // not a terminal
    }
  },
  writeOutput,
  writeError: (bytes) =>
    writeAll(
      bytes,
      (rest) => attempt("write", "standard error", () => Deno.stderr.writeSync(rest)),
    ),
};
