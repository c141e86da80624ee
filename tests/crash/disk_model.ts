import assert from "node:assert/strict";
import {
  type Content,
  FileNode,
  FolderNode,
  type Node,
  type Pending,
  setName,
} from "./disk_nodes.ts";
import type { DiskState } from "./disk_state.ts";
import { type Fate, nothingLost } from "./fate.ts";
import type { Call } from "./seam.ts";

const databaseFile = /\.db(-wal|-shm|-journal)?$/;

/**
 * What lies below a folder, and what of it would survive a power loss: fed with every call that
 * changes or flushes something. Names are durable when their folder was flushed since, bytes when
 * their file was; nobody promises more.
 */
export class DiskModel {
  readonly #root: FolderNode;
  readonly #files = new Set<FileNode>();
  #pending: Pending[] = [];

  /**
   * `base` is a folder all of which is on the disk for certain. With `runsOthers` other programs
   * make files and folders as well, outside of `.lamindb`; these count as being on the disk.
   */
  constructor(private readonly base: string, private readonly runsOthers = false) {
    this.#root = new FolderNode(Deno.statSync(base).mode!);
    this.#adopt(this.#root, base);
  }

  /** To be called before a call: keeps what it may take away. */
  before(call: Call): void {
    if (!this.#isInside(call.path)) return;
    if (call.kind === "write" || call.kind === "truncate") {
      const node = this.#fileAt(call.path);
      node.durable ??= Deno.readFileSync(call.path);
    } else if (call.kind === "mode") {
      const node = this.#nodeAt(call.path);
      if (node instanceof FileNode) node.durableMode ??= Deno.statSync(call.path).mode!;
    } else if (call.kind === "remove" || call.kind === "rename") {
      const path = "to" in call ? call.to : call.path;
      const node = this.#nodeAt(path);
      if (node instanceof FileNode) node.last = contentAt(path);
    }
  }

  /** To be called after a call that did not fail. */
  after(call: Call): void {
    if (!this.#isInside(call.path)) return;
    switch (call.kind) {
      case "create":
        return this.#change([[call.path, this.#newFile(call.path)]]);
      case "copy":
        return this.#change([[call.to, this.#newFile(call.to)]]);
      case "make":
        return this.#change([[call.path, new FolderNode(Deno.statSync(call.path).mode!)]]);
      case "link":
        return this.#change([[call.to, this.#fileAt(call.path)]]);
      case "rename":
        // A file renamed onto another name of itself keeps both.
        if (this.#nodeAt(call.path) === this.#nodeAt(call.to)) return;
        return this.#change([[call.to, this.#nodeAt(call.path)!], [call.path, undefined]]);
      case "remove":
        return this.#change([[call.path, undefined]]);
      case "flush":
        return this.#fileAt(call.path).flush();
      case "flush-folder":
        return this.#flushNames((folder) => folder === this.#nodeAt(call.path));
      case "flush-all":
        for (const file of this.#files) file.flush();
        return this.#flushNames(() => true);
    }
  }

  /** To be called before SQLite may change its files; being big, they are read again only then. */
  beforeSql(): void {
    for (const file of this.#files) if (file.isDatabase) file.last = undefined;
  }

  /** What is on the disk now, or would be if the power went and had that fate in store. */
  state(fate: Fate = nothingLost): DiskState {
    this.#followDatabases(this.#root, this.base);
    const contents = new Map<FileNode, Content>();
    this.#read(this.#root, this.base, contents);
    const names = this.#namesAfter(fate);
    const state: DiskState[number][] = [];
    const paths = new Map<FileNode, string>();
    const visit = (folder: FolderNode, path: string) => {
      for (const [name, node] of [...names(folder)].sort(([a], [b]) => a < b ? -1 : 1)) {
        const below = path === "" ? name : `${path}/${name}`;
        if (node instanceof FolderNode) {
          state.push({ path: below, kind: "folder", mode: node.mode, modified: null });
          visit(node, below);
          continue;
        }
        const sameAs = paths.get(node);
        const content = fate.content(node, contents.get(node) ?? node.last!);
        state.push({
          path: below,
          kind: "file",
          ...content,
          ...(sameAs === undefined ? {} : { sameAs }),
        });
        if (sameAs === undefined) paths.set(node, below);
      }
    };
    visit(this.#root, "");
    return state;
  }

  /** The names in each folder, when of what is pending only what fate keeps has happened. */
  #namesAfter(fate: Fate): (folder: FolderNode) => Map<string, Node> {
    const changed = new Map<FolderNode, Map<string, Node>>();
    const names = (folder: FolderNode) => {
      if (!changed.has(folder)) changed.set(folder, new Map(folder.durableNames));
      return changed.get(folder)!;
    };
    for (const change of fate.kept(this.#pending)) setName(names(change.folder), change);
    return names;
  }

  #change(targets: readonly (readonly [path: string, node: Node | undefined])[]): void {
    const changes = targets.map(([path, node]) => {
      const at = path.lastIndexOf("/");
      const folder = this.#nodeAt(path.slice(0, at));
      assert.ok(folder instanceof FolderNode, `the folder of ${path} is known`);
      return { folder, name: path.slice(at + 1), node };
    });
    for (const change of changes) setName(change.folder.names, change);
    this.#pending.push({ changes });
  }

  #flushNames(isFlushed: (folder: FolderNode) => boolean): void {
    for (const pending of this.#pending) {
      const flushed = pending.changes.filter(({ folder }) => isFlushed(folder));
      if (flushed.length === 0) continue;
      // A folder never has two names, and a file that was renamed not none: with the removal of the
      // old name, and for folders with either, the new one is there.
      const [first] = pending.changes;
      const isWhole = first!.node instanceof FolderNode || !flushed.includes(first!);
      const done = isWhole ? pending.changes : flushed;
      for (const change of done) setName(change.folder.durableNames, change);
      pending.changes = pending.changes.filter((one) => !done.includes(one));
    }
    this.#pending = this.#pending.filter(({ changes }) => changes.length > 0);
  }

  #newFile(path: string): FileNode {
    const node = new FileNode(databaseFile.test(path));
    node.durable = new Uint8Array();
    this.#files.add(node);
    return node;
  }

  /** Takes all that is below a folder for durable. */
  #adopt(folder: FolderNode, path: string, known = new Map<number, FileNode>()): void {
    for (const { name, isDirectory } of Deno.readDirSync(path)) {
      const below = `${path}/${name}`;
      const stat = Deno.lstatSync(below);
      const node = isDirectory
        ? new FolderNode(stat.mode!)
        : known.get(stat.ino!) ?? new FileNode(databaseFile.test(name));
      if (node instanceof FolderNode) this.#adopt(node, below, known);
      else {
        known.set(stat.ino!, node);
        this.#files.add(node);
      }
      folder.names.set(name, node);
      folder.durableNames.set(name, node);
    }
  }

  #adoptOne(folder: FolderNode, path: string): void {
    const { isDirectory, mode } = Deno.lstatSync(path);
    const node = isDirectory ? new FolderNode(mode!) : new FileNode(false);
    if (node instanceof FolderNode) this.#adopt(node, path);
    else this.#files.add(node);
    const name = path.slice(path.lastIndexOf("/") + 1);
    folder.names.set(name, node);
    folder.durableNames.set(name, node);
  }

  /** SQLite makes and removes its files itself; nothing else may have changed unseen. */
  #followDatabases(folder: FolderNode, path: string): void {
    const there = new Set([...Deno.readDirSync(path)].map(({ name }) => name));
    for (const name of there) {
      if (folder.names.has(name)) continue;
      if (this.runsOthers && !path.includes("/.lamindb") && !databaseFile.test(name)) {
        this.#adoptOne(folder, `${path}/${name}`);
        continue;
      }
      assert.match(name, databaseFile, `${path}/${name} was made by a call that is not watched`);
      const node = new FileNode(true);
      this.#files.add(node);
      folder.names.set(name, node);
      folder.durableNames.set(name, node);
    }
    for (const [name, node] of folder.names) {
      if (node instanceof FolderNode) this.#followDatabases(node, `${path}/${name}`);
      else if (!there.has(name)) {
        assert.match(name, databaseFile, `${path}/${name} was removed by an unwatched call`);
        folder.names.delete(name);
        folder.durableNames.delete(name);
      }
    }
  }

  #read(folder: FolderNode, path: string, contents: Map<FileNode, Content>): void {
    for (const [name, node] of folder.names) {
      const below = `${path}/${name}`;
      if (node instanceof FolderNode) this.#read(node, below, contents);
      else if (!contents.has(node)) {
        const content = node.isDatabase && node.last !== undefined ? node.last : contentAt(below);
        if (node.isDatabase) node.last = content;
        contents.set(node, content);
      }
    }
  }

  #isInside(path: string): boolean {
    return path === this.base || path.startsWith(`${this.base}/`);
  }

  #nodeAt(path: string): Node | undefined {
    if (path === this.base) return this.#root;
    let node: Node | undefined = this.#root;
    for (const name of path.slice(this.base.length + 1).split("/")) {
      node = node instanceof FolderNode ? node.names.get(name) : undefined;
    }
    return node;
  }

  #fileAt(path: string): FileNode {
    const node = this.#nodeAt(path);
    assert.ok(node instanceof FileNode, `${path} is a known file`);
    return node;
  }
}

function contentAt(path: string): Content {
  const { mode, mtime } = Deno.lstatSync(path);
  return { bytes: Deno.readFileSync(path), mode: mode!, modified: mtime };
}
