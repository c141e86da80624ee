import { LaminError } from "./errors.ts";
import { FileError, type Files, type FileStat, type Host } from "./host/host.ts";
import { ChangedNames } from "./changed_names.ts";
import { flushedSinglyMax } from "./objects/durable_folders.ts";
import { dirname, join, relativeTo } from "./path.ts";
import { isSameFile } from "./same_file.ts";
import { removeLeftOvers, temporaryName } from "./temporary_name.ts";

/**
 * A path inside a user's folder that was checked for every trick with names (core/identity/key.ts
 * makes them). Only such paths reach the writer.
 */
export type SafePath = string & { readonly [safePathBrand]: true };
declare const safePathBrand: unique symbol;

/** A file that is complete under a temporary name, to be put in its place. */
export interface Arrival {
  readonly path: SafePath;
  /** Absolute path of the temporary name. */
  readonly temporary: string;
  /** Called with what is in its place then, and may throw to keep it. */
  readonly expect: (present: FileStat | null) => void;
}

/**
 * The only writer into folders of users. Whatever the database or a remote says, it writes nothing
 * outside its root, nothing through a symbolic link, and replaces a file only by renaming a
 * complete new one over it.
 */
export class WorkTree {
  readonly #files: Files;
  readonly #names: ChangedNames;
  /** Folders in which nothing is left over from before. */
  readonly #tidy = new Set<string>();

  /** `root` is the absolute path of a folder that exists; links in the path to it are followed. */
  constructor(private readonly host: Host, readonly root: string) {
    this.#files = host.files;
    this.#names = new ChangedNames(host.files, root);
  }

  /** Makes the root where it is missing, with the folders above it. */
  makeRoot(): void {
    if (this.#files.stat(this.root) !== null) return;
    this.#files.makeDirectory(this.root, { recursive: true });
    this.#names.add(dirname(this.root));
  }

  /** What is at a path, links not followed; null when nothing is, or when a parent is no folder. */
  stat(path: SafePath): FileStat | null {
    return this.#files.lstat(join(this.root, path));
  }

  /**
   * Writes a file whole or not at all: `fill` gets a function that appends bytes, and only when it
   * ends without throwing, and the bytes would survive a power loss, does the file appear, in place
   * of the one that was there. `expect` is called right before that with what is there now, and may
   * throw to keep it.
   */
  async write(
    path: SafePath,
    fill: (append: (bytes: Uint8Array) => void) => Promise<void>,
    expect: (present: FileStat | null) => void = refuseAll,
  ): Promise<void> {
    const arrival = await this.stage(path, fill, expect);
    try {
      await this.flushBytes([arrival.temporary]);
      this.place(arrival);
    } catch (error) {
      this.drop(arrival);
      throw error;
    }
    await this.flushNames();
  }

  /** Writes a file under a temporary name; nothing is there when it throws. */
  async stage(
    path: SafePath,
    fill: (append: (bytes: Uint8Array) => void) => Promise<void>,
    expect: (present: FileStat | null) => void = refuseAll,
  ): Promise<Arrival> {
    this.#makeFolders(path);
    const arrival = { path, temporary: join(this.root, this.temporaryBeside(path)), expect };
    const file = this.#files.open(arrival.temporary, { write: true, createNew: true });
    try {
      try {
        await fill((bytes) => file.write(bytes));
      } finally {
        file.close();
      }
    } catch (error) {
      this.drop(arrival);
      throw error;
    }
    return arrival;
  }

  /** Puts a file in its place, whose bytes should be flushed before. It stays when this throws. */
  place({ path, temporary, expect }: Arrival): void {
    this.requireFolders(path);
    const target = join(this.root, path);
    const present = this.#files.lstat(target);
    if (present?.kind === "directory") throw inTheWay(path, "a folder is there");
    expect(present);
    this.#files.rename(temporary, target);
    this.#names.add(dirname(target));
  }

  /** Removes what was not put in its place. */
  drop({ temporary }: Arrival): void {
    this.#removeIfThere(temporary);
  }

  /** Makes the bytes of files, absolute paths, survive a power loss. */
  async flushBytes(paths: readonly string[]): Promise<void> {
    if (paths.length > flushedSinglyMax && await this.#files.flushFileSystem(this.root)) {
      return this.#names.forget(); // names were flushed as well
    }
    // Windows flushes only what is open for writing.
    const isWindows = this.host.platform === "windows";
    for (const path of paths) {
      const file = this.#files.open(path, { read: true, write: isWindows });
      try {
        file.flush();
      } finally {
        file.close();
      }
    }
  }

  /** Makes all names that were given and taken so far survive a power loss. */
  async flushNames(): Promise<void> {
    await this.#names.flush();
  }

  /** A new temporary path in the folder of another one. */
  temporaryBeside(path: SafePath): SafePath {
    this.tidyBeside(path);
    return join(dirname(`/${path}`), temporaryName(this.host)).slice(1) as SafePath;
  }

  /**
   * Removes what dead processes left under temporary names in the folder of a path. Throws code
   * "denied" as `requireFolders` does.
   */
  tidyBeside(path: SafePath): void {
    const folder = join(this.root, dirname(`/${path}`).slice(1));
    if (this.#tidy.has(folder)) return;
    this.requireFolders(path);
    this.#tidy.add(folder);
    if (this.#files.lstat(folder)?.kind === "directory") removeLeftOvers(this.host, folder);
  }

  /**
   * Moves a file or folder inside the root. Throws code "conflict" when the new name is taken by
   * another one.
   */
  move(from: SafePath, to: SafePath): void {
    this.requireFolders(from);
    this.#makeFolders(to);
    const [source, target] = [join(this.root, from), join(this.root, to)];
    // A file of the user's must not go into a folder that a power loss could take.
    this.#names.flushGrown();
    const there = this.#files.lstat(target);
    // A renaming that the power cut short can leave both names.
    if (isSameFile(this.#files.lstat(source), there)) this.#files.remove(source);
    else if (there !== null) throw inTheWay(to, "it is there already");
    else this.#files.rename(source, target);
    for (const path of [source, target]) this.#names.add(dirname(path));
  }

  /**
   * Gives a file inside the root a second name, so that its bytes are never without one while it
   * moves; one that it has already is fine. Throws code "conflict" when the name is that of another
   * file, or `from` is no plain file.
   */
  link(from: SafePath, to: SafePath): void {
    this.requireFolders(from);
    this.#makeFolders(to);
    const file = this.#files.lstat(join(this.root, from));
    if (file?.kind !== "file") throw inTheWay(from, "it is no plain file");
    this.#names.add(dirname(join(this.root, to)));
    if (isSameFile(file, this.#files.lstat(join(this.root, to)))) return;
    try {
      this.#files.hardLink(join(this.root, from), join(this.root, to));
    } catch (error) {
      if (error instanceof FileError && error.code === "EEXIST") {
        throw inTheWay(to, "it is there already");
      }
      throw error;
    }
  }

  /** Removes one file, and folders that it leaves empty. Nothing there is fine. */
  remove(path: SafePath): void {
    this.requireFolders(path);
    this.#removeIfThere(join(this.root, path));
    let folder = dirname(join(this.root, path));
    this.#names.add(folder);
    while (relativeTo(this.root, folder)) {
      try {
        this.#files.remove(folder);
      } catch {
        return; // not empty
      }
      folder = dirname(folder);
      this.#names.add(folder);
    }
  }

  /**
   * Removes a folder in which there are only folders, and those that it leaves empty; else nothing.
   */
  removeEmptyFolders(path: SafePath): void {
    this.requireFolders(path);
    if (this.#removeEmpty(join(this.root, path))) this.remove(path);
  }

  /** Whether nothing is left at the absolute path of a folder. */
  #removeEmpty(folder: string): boolean {
    if (this.#files.lstat(folder)?.kind !== "directory") return true;
    const entries = this.#files.readDirectory(folder);
    const isEmpty = entries.every(({ name, kind }) =>
      kind === "directory" && this.#removeEmpty(join(folder, name))
    );
    if (isEmpty) this.#files.remove(folder);
    return isEmpty;
  }

  /** Makes the folders above `path`, each checked; returns the absolute path of the last one. */
  #makeFolders(path: SafePath): string {
    let folder = this.root;
    for (const name of path.split("/").slice(0, -1)) {
      folder = join(folder, name);
      const stat = this.#files.lstat(folder);
      if (stat === null) this.#makeFolder(folder);
      else if (stat.kind !== "directory") throw this.#notAFolder(folder, stat);
    }
    return folder;
  }

  #makeFolder(folder: string): void {
    try {
      this.#files.makeDirectory(folder);
      this.#names.grow(dirname(folder));
    } catch (error) {
      // Another process may have been faster; what it made is checked before anything is renamed.
      if (!(error instanceof FileError && error.code === "EEXIST")) throw error;
    }
  }

  /**
   * Throws code "denied" when a parent of `path` is a link or a file; every change asks again right
   * before it is made.
   */
  requireFolders(path: SafePath): void {
    let folder = this.root;
    for (const name of path.split("/").slice(0, -1)) {
      folder = join(folder, name);
      const stat = this.#files.lstat(folder);
      if (stat === null) return;
      if (stat.kind !== "directory") throw this.#notAFolder(folder, stat);
    }
  }

  #notAFolder(folder: string, stat: FileStat): LaminError {
    const what = stat.kind === "symlink" ? "a symbolic link" : "a file";
    return new LaminError("denied", `${folder} is ${what}; nothing is written through it`, {
      hint: "move it away, or choose another folder with --to",
      data: { path: folder },
    });
  }

  #removeIfThere(path: string): void {
    try {
      this.#files.remove(path);
    } catch (error) {
      if (!(error instanceof FileError && error.code === "ENOENT")) throw error;
    }
  }
}

function refuseAll(present: FileStat | null): void {
  if (present !== null) throw inTheWay("the file", "it is there already");
}

function inTheWay(path: string, why: string): LaminError {
  return new LaminError("conflict", `${path} was left as it is: ${why}`, { data: { path } });
}
