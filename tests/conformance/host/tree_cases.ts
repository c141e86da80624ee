import assert from "node:assert/strict";
import { bytes, fails, type HostCase, pattern, sameBytes, text } from "./case.ts";

/** Whole files and names: write, copy, rename, link, remove, make directories. */
export const treeCases: readonly HostCase[] = [
  {
    name: "a file is written and read whole",
    run({ host: { files }, at }) {
      for (const size of [0, 1, 65_536, 3_000_001]) {
        files.writeFile(at("file"), pattern(size));
        const content = files.readFile(at("file"));
        sameBytes(content, pattern(size));
        assert.equal(Object.getPrototypeOf(content), Uint8Array.prototype);
      }
      fails("ENOENT", () => files.readFile(at("none")));
      fails("EISDIR", () => files.readFile(at("")));
      fails("ENOENT", () => files.writeFile(at("none/file"), bytes("x")));
      fails("EISDIR", () => files.writeFile(at(""), bytes("x")));
    },
  },
  {
    name: "writing again keeps the mode, and a shorter content leaves no rest",
    run({ host: { files }, at }) {
      files.writeFile(at("file"), bytes("long content"), { mode: 0o600 });
      files.writeFile(at("file"), bytes("shorter"), { mode: 0o644 });
      files.writeFile(at("file"), bytes("short"));
      assert.equal(text(files.readFile(at("file"))), "short");
      assert.equal(files.lstat(at("file"))?.mode, 0o600);
    },
  },
  {
    name: "createNew refuses what exists and never follows a link",
    async run({ host: { files }, at, shell }) {
      await shell("printf old > file; mkdir folder; ln -s file link; ln -s outside dangling");
      for (const name of ["file", "folder", "link", "dangling"]) {
        fails("EEXIST", () => files.writeFile(at(name), bytes("new"), { createNew: true }));
        fails("EEXIST", () => files.open(at(name), { write: true, createNew: true }));
      }
      assert.equal(text(files.readFile(at("file"))), "old");
      assert.equal(files.lstat(at("outside")), null);
      files.writeFile(at("fresh"), bytes("new"), { createNew: true, mode: 0o400 });
      assert.equal(files.lstat(at("fresh"))?.mode, 0o400);
    },
  },
  {
    name: "directories are made one by one or with their parents",
    run({ host: { files }, at }) {
      files.makeDirectory(at("one"), { mode: 0o700 });
      assert.equal(files.lstat(at("one"))?.mode, 0o700);
      fails("EEXIST", () => files.makeDirectory(at("one")));
      fails("ENOENT", () => files.makeDirectory(at("two/three")));
      files.makeDirectory(at("two/three/four"), { recursive: true });
      files.makeDirectory(at("two/three/four"), { recursive: true });
      assert.equal(files.lstat(at("two/three/four"))?.kind, "directory");
      files.writeFile(at("file"), bytes("x"));
      fails("EEXIST", () => files.makeDirectory(at("file")));
      fails("EEXIST", () => files.makeDirectory(at("file"), { recursive: true }));
      fails("ENOTDIR", () => files.makeDirectory(at("file/below"), { recursive: true }));
    },
  },
  {
    name: "a copy has the content and the mode, and is a file of its own",
    run({ host: { files }, at }) {
      for (const [size, mode] of [[0, 0o644], [5, 0o755], [3_000_001, 0o444]] as const) {
        files.writeFile(at(`from${size}`), pattern(size));
        files.setMode(at(`from${size}`), mode);
        files.copyFile(at(`from${size}`), at(`to${size}`));
        sameBytes(files.readFile(at(`to${size}`)), pattern(size));
        const stat = files.lstat(at(`to${size}`));
        assert.equal(stat?.mode, mode);
        assert.equal(stat?.links, 1);
      }
    },
  },
  {
    name: "a clone is a copy of its own, or nothing",
    run({ host: { files }, at }) {
      files.writeFile(at("from"), bytes("old"));
      const isThere = files.cloneFile?.(at("from"), at("to")) ?? false;
      assert.equal(files.lstat(at("to")) !== null, isThere);
      files.writeFile(at("from"), bytes("new"));
      if (isThere) assert.equal(text(files.readFile(at("to"))), "old");
      files.writeFile(at("file"), bytes("kept"));
      assert.ok(!files.cloneFile?.(at("from"), at("file")));
      assert.ok(!files.cloneFile?.(at("none"), at("nowhere")));
      assert.equal(text(files.readFile(at("file"))), "kept");
      assert.equal(files.lstat(at("nowhere")), null);
    },
  },
  {
    name: "a copy refuses what exists and leaves nothing when it fails",
    async run({ host: { files }, folder, at, shell }) {
      await shell("printf new > from; printf old > file; mkdir folder; ln -s outside dangling");
      for (const name of ["file", "folder", "dangling"]) {
        fails("EEXIST", () => files.copyFile(at("from"), at(name)));
      }
      assert.equal(text(files.readFile(at("file"))), "old");
      fails("ENOENT", () => files.copyFile(at("none"), at("to")));
      fails(["EISDIR", "EINVAL", "ENOTSUP"], () => files.copyFile(at("folder"), at("to")));
      fails("ENOENT", () => files.copyFile(at("from"), at("none/to")));
      const names = files.readDirectory(folder).map(({ name }) => name).sort();
      assert.deepEqual(names, ["dangling", "file", "folder", "from"]);
    },
  },
  {
    name: "a rename replaces a file and moves a link itself",
    async run({ host: { files }, at, shell }) {
      await shell("printf new > a; printf old > b; ln -s b link; mkdir c d; touch d/e");
      files.rename(at("a"), at("b"));
      assert.equal(text(files.readFile(at("b"))), "new");
      assert.equal(files.lstat(at("a")), null);
      files.rename(at("link"), at("moved"));
      assert.equal(files.readLink(at("moved")), "b");
      fails("ENOENT", () => files.rename(at("none"), at("b")));
      fails("EISDIR", () => files.rename(at("b"), at("c")));
      fails("ENOTDIR", () => files.rename(at("c"), at("b")));
      fails("ENOTEMPTY", () => files.rename(at("c"), at("d")));
      files.rename(at("d"), at("c"));
      assert.equal(files.lstat(at("c/e"))?.kind, "file");
    },
  },
  {
    name: "a hard link is the same file",
    run({ host: { files }, at }) {
      files.writeFile(at("one"), bytes("content"));
      files.hardLink(at("one"), at("two"));
      assert.equal(files.lstat(at("two"))?.inode, files.lstat(at("one"))?.inode);
      assert.equal(files.lstat(at("one"))?.links, 2);
      fails("EEXIST", () => files.hardLink(at("one"), at("two")));
      fails("ENOENT", () => files.hardLink(at("none"), at("three")));
      files.remove(at("one"));
      assert.equal(text(files.readFile(at("two"))), "content");
    },
  },
  {
    name: "remove takes a file, a link, an empty directory, and no more",
    async run({ host: { files }, folder, at, shell }) {
      await shell("mkdir empty full; touch full/file file; ln -s full link; ln -s none dangling");
      for (const name of ["empty", "file", "link", "dangling"]) files.remove(at(name));
      fails("ENOTEMPTY", () => files.remove(at("full")));
      fails("ENOENT", () => files.remove(at("none")));
      fails("ENOTDIR", () => files.remove(at("full/file/below")));
      assert.deepEqual(files.readDirectory(folder), [{ name: "full", kind: "directory" }]);
      assert.equal(files.lstat(at("full/file"))?.kind, "file");
    },
  },
  {
    name: "removeTree removes links, never what they point to",
    async run({ host: { files }, folder, at, shell }) {
      await shell("mkdir -p kept tree/a/b/c; touch kept/file tree/a/b/c/file");
      await shell("ln -s ../kept tree/link; ln -s ../../kept/file tree/a/link; ln -s kept link");
      files.removeTree(at("tree"));
      files.removeTree(at("link"));
      assert.deepEqual(files.readDirectory(folder), [{ name: "kept", kind: "directory" }]);
      assert.equal(files.lstat(at("kept/file"))?.kind, "file");
      files.removeTree(at("kept/file"));
      fails("ENOENT", () => files.removeTree(at("none")));
    },
  },
  {
    name: "mode bits are set and read",
    run({ host: { files }, at }) {
      files.writeFile(at("file"), bytes("x"));
      for (const mode of [0o400, 0o444, 0o600, 0o755]) {
        files.setMode(at("file"), mode);
        assert.equal(files.lstat(at("file"))?.mode, mode);
      }
      fails("ENOENT", () => files.setMode(at("none"), 0o600));
    },
  },
  {
    name: "flushing a file system and the names of a directory",
    async run({ host, folder, at }) {
      host.files.flushDirectory(folder);
      fails("ENOENT", () => host.files.flushDirectory(at("none")));
      const flushed = await host.files.flushFileSystem(folder);
      if (host.platform === "linux") {
        assert.equal(flushed, true);
        assert.equal(await host.files.flushFileSystem(at("none")), false);
      }
    },
  },
];
