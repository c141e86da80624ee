import assert from "node:assert/strict";
import { bytes, fails, type HostCase, text } from "./case.ts";

const names = [
  "naïve résumé – 試験.txt",
  "emoji 🧬.h5ad",
  " leading and trailing ",
  "-dash",
  "new\nline\ttab",
  "back\\slash",
  "quote'\"$HOME`",
  "%41",
  "x".repeat(255),
  "é".repeat(127), // 254 bytes
];

/** Names that a file can have, and those it cannot. */
export const nameCases: readonly HostCase[] = [
  {
    name: "every name comes back as it was given",
    run({ host: { files }, folder, at }) {
      for (const name of names) {
        files.writeFile(at(name), bytes(name), { createNew: true });
        assert.equal(text(files.readFile(at(name))), name);
        assert.equal(files.lstat(at(name))?.kind, "file");
      }
      assert.deepEqual(files.readDirectory(folder).map(({ name }) => name).sort(), names.sort());
      for (const name of names) files.remove(at(name));
      assert.deepEqual(files.readDirectory(folder), []);
    },
  },
  {
    name: "composed and decomposed letters are two names",
    linuxOnly: true,
    run({ host: { files }, folder, at }) {
      files.writeFile(at("\u00e9"), bytes("composed"));
      files.writeFile(at("e\u0301"), bytes("decomposed"));
      assert.equal(files.readDirectory(folder).length, 2);
      assert.equal(text(files.readFile(at("e\u0301"))), "decomposed");
    },
  },
  {
    name: "a name longer than the system allows is refused",
    run({ host: { files }, at }) {
      for (const name of ["x".repeat(256), "é".repeat(128)]) {
        fails("ENAMETOOLONG", () => files.writeFile(at(name), bytes("x")));
        fails("ENAMETOOLONG", () => files.lstat(at(name)));
      }
    },
  },
  {
    name: "a path with a NUL is refused, never cut",
    run({ host: { files }, folder, at }) {
      const path = at("file\0.txt");
      fails("EINVAL", () => files.writeFile(path, bytes("x")));
      fails("EINVAL", () => files.open(path, { write: true, createNew: true }));
      fails("EINVAL", () => files.makeDirectory(path));
      fails("EINVAL", () => files.lstat(path));
      files.writeFile(at("file"), bytes("x"));
      fails("EINVAL", () => files.remove(path));
      fails("EINVAL", () => files.rename(at("file"), path));
      assert.deepEqual(files.readDirectory(folder), [{ name: "file", kind: "file" }]);
    },
  },
  {
    name: "a name that is no UTF-8 is listed with a mark, never dropped",
    linuxOnly: true,
    async run({ host: { files }, folder, at, shell }) {
      await shell(`touch "$(printf 'na\\357ve')" plain`);
      const listed = files.readDirectory(folder).map(({ name }) => name).sort();
      assert.deepEqual(listed, ["na\ufffdve", "plain"]);
      assert.equal(files.lstat(at("na\ufffdve")), null);
    },
  },
];
