import assert from "node:assert/strict";
import { FileError, type OpenFile } from "../../../store/host/host.ts";
import { bytes, fails, type HostCase, pattern, sameBytes, text } from "./case.ts";

function readAll(file: OpenFile, pieceSize: number): Uint8Array {
  const pieces: number[] = [];
  const buffer = new Uint8Array(pieceSize);
  for (let count = file.read(buffer); count > 0; count = file.read(buffer)) {
    assert.ok(count <= pieceSize);
    for (const byte of buffer.subarray(0, count)) pieces.push(byte);
  }
  return Uint8Array.from(pieces);
}

/** Open files: positions, flags, flush, and what happens after close. */
export const openCases: readonly HostCase[] = [
  {
    name: "a file is read in pieces, and 0 marks its end",
    run({ host: { files }, at }) {
      const content = pattern(300_007);
      files.writeFile(at("file"), content);
      for (const pieceSize of [4096, 65_536, 1 << 20]) {
        const file = files.open(at("file"), { read: true });
        sameBytes(readAll(file, pieceSize), content);
        assert.equal(file.read(new Uint8Array(9)), 0);
        assert.equal(file.read(new Uint8Array(0)), 0);
        file.close();
      }
      files.writeFile(at("empty"), new Uint8Array());
      const empty = files.open(at("empty"), { read: true });
      assert.equal(empty.read(new Uint8Array(9)), 0);
      empty.close();
    },
  },
  {
    name: "a piece of a buffer is filled and written as that piece",
    run({ host: { files }, at }) {
      const whole = bytes("0123456789");
      const file = files.open(at("file"), { read: true, write: true, createNew: true });
      file.write(whole.subarray(3, 6));
      file.seek(0);
      const buffer = new Uint8Array(9).fill(46);
      assert.equal(file.read(buffer.subarray(2, 7)), 3);
      file.close();
      assert.equal(text(buffer), "..345....");
    },
  },
  {
    name: "seek moves the position of reads and writes",
    run({ host: { files }, at }) {
      const file = files.open(at("file"), { read: true, write: true, createNew: true });
      file.write(bytes("hello world"));
      file.seek(6);
      file.write(bytes("WOR"));
      const buffer = new Uint8Array(5);
      assert.equal(file.read(buffer), 2);
      assert.equal(text(buffer.subarray(0, 2)), "ld");
      file.seek(0);
      assert.equal(file.read(buffer), 5);
      assert.equal(text(buffer), "hello");
      file.seek(14);
      file.write(bytes("!"));
      assert.equal(file.stat().size, 15);
      fails("EINVAL", () => file.seek(-1));
      file.close();
      assert.equal(text(files.readFile(at("file"))), "hello WORld\0\0\0!");
    },
  },
  {
    name: "what is written beside other work is all there, in its order",
    async run({ host: { files }, at }) {
      const file = files.open(at("file"), { read: true, write: true, createNew: true });
      file.write(bytes("a"));
      await file.writeBeside!(pattern(3_000_001));
      file.write(bytes("z"));
      file.seek(1);
      await file.writeBeside!(bytes("bc"));
      file.close();
      const expected = pattern(3_000_003);
      expected.set(pattern(3_000_001), 1);
      expected.set(bytes("abc"));
      expected.set(bytes("z"), 3_000_002);
      sameBytes(files.readFile(at("file")), expected);
      await assert.rejects(async () => await file.writeBeside!(bytes("x")));
      const reading = files.open(at("file"), { read: true });
      await assert.rejects(async () => await reading.writeBeside!(bytes("x")), FileError);
      reading.close();
    },
  },
  {
    name: "positions beyond 4 GiB are kept",
    run({ host: { files }, at }) {
      const far = 5 * 2 ** 30 + 3;
      const file = files.open(at("sparse"), { read: true, write: true, createNew: true });
      file.seek(far);
      file.write(bytes("far"));
      assert.equal(file.stat().size, far + 3);
      file.seek(far + 1);
      const buffer = new Uint8Array(8);
      assert.equal(file.read(buffer), 2);
      assert.equal(text(buffer.subarray(0, 2)), "ar");
      file.close();
    },
  },
  {
    name: "appending goes to the end, whoever wrote there and wherever was sought",
    run({ host: { files }, at }) {
      const one = files.open(at("file"), { read: true, append: true, create: true });
      const two = files.open(at("file"), { append: true });
      one.write(bytes("a"));
      two.write(bytes("b"));
      one.seek(0);
      one.write(bytes("c"));
      assert.equal(one.read(new Uint8Array(1)), 0);
      two.write(bytes("d"));
      const buffer = new Uint8Array(4);
      assert.equal(one.read(buffer), 1);
      assert.equal(text(buffer.subarray(0, 1)), "d");
      one.close();
      two.close();
      assert.equal(text(files.readFile(at("file"))), "abcd");
    },
  },
  {
    name: "create, truncate and neither",
    run({ host: { files }, at }) {
      fails("ENOENT", () => files.open(at("file"), { read: true }));
      fails("ENOENT", () => files.open(at("file"), { write: true }));
      files.open(at("file"), { write: true, create: true, mode: 0o600 }).close();
      assert.equal(files.lstat(at("file"))?.mode, 0o600);
      files.writeFile(at("file"), bytes("content"));
      const kept = files.open(at("file"), { write: true, create: true });
      kept.write(bytes("CON"));
      kept.close();
      assert.equal(text(files.readFile(at("file"))), "CONtent");
      files.open(at("file"), { write: true, truncate: true }).close();
      assert.equal(files.lstat(at("file"))?.size, 0);
    },
  },
  {
    name: "an open file knows itself after its name is gone",
    run({ host: { files }, at }) {
      const file = files.open(at("file"), { read: true, write: true, createNew: true });
      file.write(bytes("content"));
      file.flush();
      const inode = files.lstat(at("file"))?.inode;
      files.remove(at("file"));
      const { size, links, kind, ...stat } = file.stat();
      assert.deepEqual({ size, links, kind }, { size: 7, links: 0, kind: "file" });
      assert.equal(stat.inode, inode);
      file.close();
    },
  },
  {
    name: "a closed file is refused and touches no other",
    run({ host: { files }, at }) {
      const closed = files.open(at("one"), { read: true, write: true, createNew: true });
      closed.close();
      const open = files.open(at("two"), { read: true, write: true, createNew: true });
      fails("EBADF", () => closed.write(bytes("x")));
      fails("EBADF", () => closed.read(new Uint8Array(1)));
      fails("EBADF", () => closed.flush());
      fails("EBADF", () => closed.seek(0));
      fails("EBADF", () => closed.stat());
      fails("EBADF", () => closed.close());
      open.write(bytes("alive"));
      open.close();
      assert.equal(text(files.readFile(at("two"))), "alive");
      assert.equal(files.lstat(at("one"))?.size, 0);
    },
  },
  {
    name: "what a file was not opened for is refused",
    run({ host: { files }, folder, at }) {
      files.writeFile(at("file"), bytes("content"));
      const reading = files.open(at("file"), { read: true });
      fails("EBADF", () => reading.write(bytes("x")));
      reading.close();
      const writing = files.open(at("file"), { write: true });
      fails("EBADF", () => writing.read(new Uint8Array(1)));
      writing.close();
      fails("EISDIR", () => files.open(folder, { write: true }));
      const directory = files.open(folder, { read: true });
      fails("EISDIR", () => directory.read(new Uint8Array(1)));
      directory.close();
    },
  },
  {
    name: "a full disk is told by name",
    linuxOnly: true,
    run({ host: { files } }) {
      const file = files.open("/dev/full", { write: true });
      fails("ENOSPC", () => file.write(bytes("x")));
      file.close();
    },
  },
  {
    name: "a pipe is read to its end and cannot be sought",
    programs: ["mkfifo"],
    async run({ host: { files }, at, shell }) {
      await shell("mkfifo pipe");
      await shell("(seq 100000 > pipe) > /dev/null 2>&1 &");
      const file = files.open(at("pipe"), { read: true });
      fails(["ESPIPE", "EIO"], () => file.seek(3));
      assert.equal(file.stat().kind, "other");
      const content = readAll(file, 65_536);
      file.close();
      assert.equal(content.length, 588_895);
      assert.equal(text(content.subarray(-7)), "100000\n");
    },
  },
];
