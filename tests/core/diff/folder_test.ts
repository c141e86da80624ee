import assert from "node:assert/strict";
import fc from "fast-check";
import { diffFolders, folderTally } from "../../../core/diff/folder.ts";
import type { ManifestFile } from "../../../core/identity/manifest.ts";

const file = (path: string, content: string): ManifestFile => ({
  path,
  size: content.length,
  sha256: content.padEnd(64, "0"),
});

const folder = (contents: Readonly<Record<string, string>>) =>
  Object.entries(contents).map(([path, content]) => file(path, content));

Deno.test("files are added, removed, changed and renamed, in the order of their paths", () => {
  const before = folder({ "a": "1", "b": "2", "c/d.txt": "3", "e": "", "same": "9" });
  const after = folder({ "a": "1x", "f/d.txt": "3", "g": "", "same": "9", "z": "7" });
  const tally = folderTally();
  const changes = [...diffFolders(before, after, tally)];
  assert.deepEqual(changes.map((change) => [change.kind, "path" in change && change.path]), [
    ["file_changed", "a"],
    ["file_removed", "b"],
    ["file_removed", "e"],
    ["file_renamed", "f/d.txt"],
    ["file_added", "g"],
    ["file_added", "z"],
  ]);
  const summary = tally.summary("folder", { size: 1 }, { size: 2 });
  assert.deepEqual(summary.counts, [{ of: "files", added: 2, removed: 2, changed: 1, renamed: 1 }]);
  assert.equal(summary.same, false);
});

Deno.test("of files of one content the like-named ones are one file that moved", () => {
  const before = folder({ "old/a": "1", "old/b": "1", "old/c": "1" });
  const after = folder({ "new/c": "1", "new/x": "1", "old/a": "1" });
  const renamed = [...diffFolders(before, after)].map((change) =>
    change.kind === "file_renamed" ? [change.from, change.path] : change.kind
  );
  assert.deepEqual(renamed, [["old/c", "new/c"], ["old/b", "new/x"]]);
});

Deno.test("applying the changes of any two folders to one gives the other", () => {
  const anyFolder = fc.dictionary(
    fc.constantFrom("a", "b", "c/a", "c/b", "d"),
    fc.constantFrom("", "x", "y"),
    { noNullPrototype: true },
  );
  fc.assert(fc.property(anyFolder, anyFolder, (one, other) => {
    const result = new Map(folder(one).map((file) => [file.path, file]));
    const changes = [...diffFolders(folder(one), folder(other))];
    const added: ManifestFile[] = [];
    for (const change of changes) {
      if (change.kind === "file_removed") assert.ok(result.delete(change.path));
      else if (change.kind === "file_renamed") {
        assert.equal(result.get(change.from)?.sha256, change.sha256);
        assert.ok(result.delete(change.from));
        added.push(change);
      } else if (change.kind === "file_added") added.push(change);
      else if (change.kind === "file_changed") {
        assert.equal(result.get(change.path)?.sha256, change.before.sha256);
        result.set(change.path, { path: change.path, ...change.after });
      } else assert.fail();
    }
    for (const { path, size, sha256 } of added) {
      assert.ok(!result.has(path));
      result.set(path, { path, size, sha256 });
    }
    const byPath = (files: Iterable<ManifestFile>) =>
      [...files].toSorted((a, b) => a.path < b.path ? -1 : 1);
    assert.deepEqual(byPath(result.values()), byPath(folder(other)));
  }));
});
