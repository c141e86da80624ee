import assert from "node:assert/strict";
import fc from "fast-check";
import { ContentHasher } from "../../../core/identity/content_hasher.ts";
import { folderHashType, hashFolder } from "../../../core/identity/hash.ts";
import {
  formatManifest,
  type ManifestFile,
  manifestSha256,
  parseManifest,
} from "../../../core/identity/manifest.ts";
import { LaminError } from "../../../store/errors.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { fileFacts, fixturePath } from "../python_corpus.ts";

const hashing = await denoHost().hashing();
const zeros = "0".repeat(64);
const file = (path: string, size = 1): ManifestFile => ({ path, size, sha256: zeros });

function filesBelow(folder: string, prefix = ""): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) =>
    entry.isDirectory
      ? filesBelow(`${folder}/${entry.name}`, `${prefix}${entry.name}/`)
      : [prefix + entry.name]
  );
}

Deno.test("real folders have the manifest and the hash that Python computes", () => {
  const folders = Object.entries(fileFacts.files).filter(([, facts]) => facts.n_files !== null);
  assert.ok(folders.length >= 6);
  for (const [path, facts] of folders) {
    const hashes: string[] = [];
    const files = filesBelow(fixturePath(path)).map((relative): ManifestFile => {
      const content = Deno.readFileSync(`${fixturePath(path)}/${relative}`);
      const hasher = new ContentHasher(hashing, content.length);
      hasher.update(content);
      const { sha256, hash } = hasher.finish();
      hashes.push(hash);
      return { path: relative, size: content.length, sha256 };
    });
    assert.equal(files.length, facts.n_files);
    assert.equal(files.reduce((sum, { size }) => sum + size, 0), facts.size);
    assert.equal(hashFolder(hashing, hashes), facts.hash);
    assert.equal(folderHashType, facts.hash_type);
    const text = formatManifest(files);
    assert.equal(manifestSha256(hashing, text), facts.sha256);
    assert.deepEqual(parseManifest(text), files.toSorted((a, b) => a.path < b.path ? -1 : 1));
  }
});

Deno.test("the text is the same whatever order the files come in", () => {
  const text = formatManifest([
    file("b"),
    file("a/x", 20),
    file("a.txt"),
    file("\u{1f600}"),
    file("\uffff"),
  ]);
  const paths = parseManifest(text).map(({ path }) => path);
  assert.deepEqual(paths, ["a.txt", "a/x", "b", "\u{1f600}", "\uffff"]);
  assert.equal(text.split("\n")[1], `${zeros} 20 a/x`);
  assert.equal(formatManifest(parseManifest(text).toReversed()), text);
  assert.equal(formatManifest([]), "");
  assert.deepEqual(parseManifest(""), []);
});

Deno.test("paths that leave the folder, cannot be keys or collide are not recorded", () => {
  const bad = [
    "",
    "/a",
    "a/",
    "a//b",
    "../a",
    "a/./b",
    "a\\b",
    "a\nb",
    "a\0",
    ".lamindb/x",
    "\ud800",
  ];
  for (const path of bad) {
    assert.throws(
      () => formatManifest([file(path)]),
      (error: unknown) => error instanceof LaminError && error.code === "usage",
      JSON.stringify(path),
    );
  }
  assert.throws(() => formatManifest([file("a"), file("a")]), LaminError);
  assert.throws(() => formatManifest([file("a"), file("a.b"), file("a/b/c")]), LaminError);
  assert.throws(() => formatManifest([file("a", -1)]), LaminError);
  assert.throws(() => formatManifest([file("a", 1.5)]), LaminError);
});

Deno.test("only the canonical text is a manifest", () => {
  const line = (path: string, size = "1", sha256 = zeros) => `${sha256} ${size} ${path}\n`;
  const texts = [
    "\n",
    "x",
    line("a").trimEnd(),
    `${line("a")}\n`,
    line("b") + line("a"),
    line("a") + line("a"),
    line("a") + line("a/b"),
    line("a", "01"),
    line("a", "-1"),
    line("a", "+1"),
    line("a", "1.0"),
    line("a", "9007199254740992"),
    line("a", "99999999999999999999"),
    line("a", "1", zeros.slice(1)),
    line("a", "1", "F".repeat(64)),
    line("a", "1", zeros + "0"),
    line(""),
    line("../a"),
    line("/a"),
    line("a/../../b"),
    line(".lamindb/a"),
    line("a\r"),
    line("a\0"),
    ` ${line("a")}`,
    line("a").replaceAll("\n", "\r\n"),
  ];
  for (const text of texts) {
    assert.throws(
      () => parseManifest(text),
      (error: unknown) => error instanceof LaminError && error.code === "damaged",
      JSON.stringify(text),
    );
  }
});

Deno.test("whatever text is taken is canonical", () => {
  const sha256 = fc.string({
    unit: fc.constantFrom(..."0123456789abcdef"),
    minLength: 64,
    maxLength: 64,
  });
  const path = fc.array(fc.string({ minLength: 1, maxLength: 4, unit: "grapheme" }), {
    minLength: 1,
    maxLength: 3,
  })
    .map((segments) => segments.join("/"));
  const files = fc.uniqueArray(fc.record({ path, size: fc.maxSafeNat(), sha256 }), {
    selector: (one) => one.path,
    maxLength: 8,
  });
  let taken = 0;
  fc.assert(fc.property(files, (some) => {
    let text: string;
    try {
      text = formatManifest(some);
    } catch (error) {
      assert.ok(error instanceof LaminError);
      return;
    }
    taken++;
    assert.equal(formatManifest(parseManifest(text)), text);
    assert.deepEqual(
      new Set(parseManifest(text).map((one) => JSON.stringify(one))).size,
      some.length,
    );
  }));
  assert.ok(taken > 20, `${taken}`);
});
