import assert from "node:assert/strict";
import { bytes, fails, type HostCase } from "./case.ts";

/** lstat, stat, readDirectory, readLink, realPath. */
export const statCases: readonly HostCase[] = [
  {
    name: "nothing there is null, also below a file",
    run({ host: { files }, at }) {
      files.writeFile(at("file"), bytes("x"));
      for (const path of [at("none"), at("none/deeper"), at("file/below")]) {
        assert.equal(files.lstat(path), null);
        assert.equal(files.stat(path), null);
      }
    },
  },
  {
    name: "a stat tells size, links, mode and whole milliseconds",
    run({ host, at }) {
      const before = host.now().getTime();
      host.files.writeFile(at("file"), bytes("twelve bytes"), { mode: 0o640 });
      const stat = host.files.lstat(at("file"));
      assert.ok(stat);
      assert.equal(stat.kind, "file");
      assert.equal(stat.size, 12);
      assert.equal(stat.links, 1);
      assert.equal(stat.mode, 0o640);
      for (const value of Object.values(stat)) {
        if (typeof value === "number") assert.ok(Number.isSafeInteger(value) && value >= 0);
      }
      for (const time of [stat.modifiedMs, stat.changedMs]) {
        assert.ok(Math.abs(time - before) < 10_000, `${time} is far from ${before}`);
      }
      assert.ok(stat.inode > 0 && stat.device > 0);
      assert.deepEqual(host.files.stat(at("file")), stat);
    },
  },
  {
    name: "times are cut to milliseconds, not rounded",
    async run({ host, at, shell }) {
      await shell("touch -d '2024-02-29 12:00:00.123999999 UTC' file");
      assert.equal(host.files.lstat(at("file"))?.modifiedMs, Date.UTC(2024, 1, 29, 12) + 123);
    },
  },
  {
    name: "the time of the last change can be set, to the millisecond",
    run({ host: { files }, at }) {
      files.writeFile(at("file"), bytes("x"));
      const { changedMs } = files.lstat(at("file"))!;
      files.setModified(at("file"), Date.UTC(2024, 1, 29, 12) + 123);
      const stat = files.lstat(at("file"))!;
      assert.equal(stat.modifiedMs, Date.UTC(2024, 1, 29, 12) + 123);
      assert.ok(stat.changedMs >= changedMs);
      fails("ENOENT", () => files.setModified(at("none"), 0));
    },
  },
  {
    name: "lstat sees a link, stat its target",
    async run({ host: { files }, at, shell }) {
      await shell("printf hello > file; mkdir folder");
      await shell("ln -s file to_file; ln -s folder to_folder; ln -s none to_nothing; ln -s me me");
      for (const name of ["to_file", "to_folder", "to_nothing", "me"]) {
        assert.equal(files.lstat(at(name))?.kind, "symlink", name);
      }
      assert.equal(files.stat(at("to_file"))?.size, 5);
      assert.equal(files.stat(at("to_folder"))?.kind, "directory");
      assert.equal(files.stat(at("to_nothing")), null);
      assert.equal(files.stat(at("me")), null);
      assert.equal(files.lstat(at("me/below")), null);
    },
  },
  {
    name: "a FIFO is neither file nor folder",
    programs: ["mkfifo"],
    async run({ host: { files }, folder, at, shell }) {
      await shell("mkfifo pipe");
      assert.equal(files.lstat(at("pipe"))?.kind, "other");
      assert.equal(files.stat(at("pipe"))?.kind, "other");
      assert.deepEqual(files.readDirectory(folder).map(({ kind }) => kind), ["other"]);
      assert.equal(files.lstat("/dev/null")?.kind, "other");
    },
  },
  {
    name: "a directory lists names with their kinds and follows nothing",
    async run({ host: { files }, folder, at, shell }) {
      assert.deepEqual(files.readDirectory(folder), []);
      await shell("touch file .hidden; mkdir folder; ln -s folder link; ln -s none dangling");
      const entries = files.readDirectory(folder).map(({ name, kind }) => `${name} ${kind}`);
      assert.deepEqual(entries.sort(), [
        ".hidden file",
        "dangling symlink",
        "file file",
        "folder directory",
        "link symlink",
      ]);
      fails("ENOENT", () => files.readDirectory(at("none")));
      fails("ENOTDIR", () => files.readDirectory(at("file")));
    },
  },
  {
    name: "ten thousand names are listed, each once",
    async run({ host: { files }, folder, shell }) {
      await shell("seq 10000 | xargs touch");
      assert.equal(new Set(files.readDirectory(folder).map(({ name }) => name)).size, 10_000);
    },
  },
  {
    name: "a link is read as it was written",
    async run({ host: { files }, at, shell }) {
      await shell("ln -s ../a/./b//c%20é link; touch file");
      assert.equal(files.readLink(at("link")), "../a/./b//c%20é");
      fails("EINVAL", () => files.readLink(at("file")));
      fails("ENOENT", () => files.readLink(at("none")));
    },
  },
  {
    name: "the real path has no links",
    async run({ host: { files }, folder, at, shell }) {
      await shell("mkdir -p a/b; ln -s a/b short; ln -s none dangling; ln -s me me");
      const root = files.realPath(folder);
      assert.equal(files.realPath(at("short/../b/.")), `${root}/a/b`);
      fails("ENOENT", () => files.realPath(at("dangling")));
      fails("ELOOP", () => files.realPath(at("me")));
    },
  },
];
