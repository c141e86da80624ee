import assert from "node:assert/strict";
import fc from "fast-check";
import { parseKey, parseRelativePath } from "../../../core/identity/key.ts";
import { LaminError } from "../../../store/errors.ts";
import { pythonCorpus } from "../python_corpus.ts";

function errorOf(work: () => unknown): LaminError | null {
  try {
    work();
    return null;
  } catch (error) {
    assert.ok(error instanceof LaminError);
    return error;
  }
}

const long = (count: number) => "x".repeat(count);
/** 1024 characters of segments that a file system takes. */
const longest = `${`${long(200)}/`.repeat(5)}${long(19)}`;

const harmless = [
  "a",
  "raw/run 7/sample_R1.fastq.gz",
  "naïve résumé – 試験.txt",
  "family 👨‍👩‍👧/flag 🏴.png",
  ".hidden",
  ".gitignore",
  ".gitattributes",
  ".github/workflows/x.yml",
  "git",
  "x.git",
  ".gitx",
  ".lamindbx",
  "lamindb/x",
  "..a",
  "a..b",
  "~/a",
  "a~1",
  "foo~1.txt",
  "console.log",
  "com.csv",
  "com10",
  "lpt",
  "nullable.csv",
  "auxiliary",
  "xcon",
  'a?b*c<d>e|f"g',
  "%2e%2e/a",
  "-rf",
  "$(id)",
  long(255),
  longest,
];

/** Keys that LaminDB lets a row have, but that must never be written below a folder. */
const onlyRegistered = [
  "/etc/passwd",
  "/",
  "//server/share/x",
  "a//b",
  "a/",
  "C:/x",
  "C:x",
  "c:",
  "x/y:stream",
  ".git::$INDEX_ALLOCATION/config",
  long(256),
  `${"試".repeat(86)}`, // 258 bytes
  ".lamindb",
  "a/.lamindb",
  ".LAMINDB/lamin.db",
  ".LaMiNdB/x",
  ".lamin/current_instance",
  ".lamin",
  ".git/hooks/post-checkout",
  "a/.git/config",
  ".GIT/config",
  ".Git",
  ".git./config",
  ".git /config",
  ".git . ./config",
  ".hg/hgrc",
  ".HG",
  ".jj/repo/config.toml",
  ".svn/entries",
  ".\u017fvn/entries", // ſ folds to s
  ".g\u200cit/config",
  ".gi\u200dt/config",
  "\u200e.git/config",
  ".git\u200f/config",
  ".g\u202ait/config",
  ".g\u206fit/config",
  "\ufeff.git/config",
  ".g\u00adit/config",
  ".\u2060git/config",
  ".g\ufe0fit/config",
  ".la\u200bmindb/x",
  ".lam\u200cin/x",
  "\uff0e\uff47\uff49\uff54/config", // full width
  "git~1/config",
  "GIT~1/hooks/x",
  "a/Git~2",
  "GI7EBA~1/x",
  "HG~1/hgrc",
  "JJ~1",
  "SVN~1",
  "LAMIND~1/x",
  "lamin~1",
  "LA12AB~1",
  "gi\u200ct~1/config",
  "CON",
  "con.txt",
  "a/PRN",
  "AUX.fastq.gz",
  "nul",
  "NUL .txt",
  "com1",
  "COM9.log",
  "COM\u00b9",
  "lpt\u00b3.txt",
  "LPT1/x",
  "CONIN$",
  "conout$",
  "clock$",
  "a.",
  "...",
  "a /b",
  "a./b",
  " ",
  "... /x",
  "a\u0020",
];

/** Texts that are no key at all. */
const refused = [
  "",
  ".",
  "..",
  "../x",
  "a/../../x",
  "a/..",
  "./a",
  "a/./b",
  "a\\b",
  "..\\..\\x",
  "\\\\server\\share",
  "C:\\x",
  ".git\\config",
  "a\0b",
  "a\nb",
  "a\rb",
  "a\tb",
  "\x1b[31mred",
  "a\x7f",
  "a\x85b",
  "a\x9bb",
  "\ud800",
  "a\udc00/b",
  ".lamindb/x",
  "a/.lamindb/x",
  "x.lamindb/y",
  long(1025),
  "😀".repeat(1025),
];

Deno.test("harmless keys can be registered and written", () => {
  for (const key of harmless) {
    assert.equal(parseKey(key), key);
    assert.equal(parseRelativePath(key), key, JSON.stringify(key));
  }
});

Deno.test("hostile keys are registered as in LaminDB, but denied where a file is written", () => {
  for (const key of onlyRegistered) {
    assert.equal(parseKey(key), key, JSON.stringify(key));
    assert.equal(errorOf(() => parseRelativePath(key))?.code, "denied", JSON.stringify(key));
  }
});

Deno.test("texts that are no keys are refused everywhere", () => {
  for (const key of refused) {
    assert.equal(errorOf(() => parseKey(key))?.code, "usage", JSON.stringify(key));
    assert.equal(errorOf(() => parseRelativePath(key))?.code, "denied", JSON.stringify(key));
  }
});

Deno.test("a key's length is counted in code points", () => {
  const key = "😀".repeat(1024);
  assert.equal(parseKey(key), key);
  assert.equal(errorOf(() => parseRelativePath(key))?.code, "denied");
});

Deno.test("parseKey takes what Python takes", () => {
  for (const [key, accepted] of pythonCorpus.keys) {
    // LaminDB takes the empty text for no key at all.
    const expected = accepted && key !== "";
    assert.equal(errorOf(() => parseKey(key)) === null, expected, JSON.stringify(key));
  }
});

Deno.test("the error names the part at fault, without what a terminal would obey", () => {
  const error = errorOf(() => parseRelativePath("raw/.Git\u200c/hooks/x"))!;
  assert.match(error.message, /"\.Git/);
  assert.deepEqual(error.data["part"], ".Git\u200c");
  const control = errorOf(() => parseKey("a\x1b]0;owned\x07\u202eb"))!;
  // deno-lint-ignore no-control-regex -- none of them may be in there
  assert.doesNotMatch(JSON.stringify(control) + control.message, /[\x00-\x1f\x7f-\x9f\u202e]/);
  assert.match(control.message, /\\x1b/);
  assert.match(errorOf(() => parseKey(long(5000)))!.message, /^.{50,200}$/);
});

Deno.test("whatever may be written stays below its folder on every system", () => {
  const alphabet = fc.constantFrom(
    ...[
      "a",
      "B",
      ".",
      "..",
      "/",
      "\\",
      ":",
      " ",
      "~",
      "1",
      "git",
      "lamin",
      "db",
      "con",
      "\0",
      "\u200c",
      "é",
    ],
  );
  fc.assert(
    fc.property(fc.array(alphabet, { minLength: 1, maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      if (errorOf(() => parseRelativePath(text)) !== null) return;
      assert.equal(
        new URL(text.replaceAll("%", "%25"), "file:///root/").pathname.startsWith("/root/"),
        true,
      );
      for (const segment of text.split("/")) {
        assert.doesNotMatch(segment, /^\.{0,2}$|[\\:\0]|[. ]$/);
        const bare = segment.replaceAll("\u200c", "").toLowerCase();
        assert.ok(![".git", ".lamin", ".lamindb", "con", "git~1"].includes(bare), text);
      }
    }),
    { numRuns: 3000 },
  );
});
