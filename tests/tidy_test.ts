import assert from "node:assert/strict";
import { filesOf, textOf } from "./sources.ts";

const sources = filesOf(".ts");
const texts = filesOf(".ts", ".md", ".json", ".yml", ".yaml", ".sh", ".py", ".js", ".mjs", "run");

/** Places where a rule is broken, as `path:line: what stands there`. */
function breaches(
  paths: readonly string[],
  isBreach: (line: string, path: string) => boolean,
): string[] {
  return paths.flatMap((path) =>
    textOf(path).split("\n").flatMap((line, index) =>
      isBreach(line, path) ? [`${path}:${index + 1}: ${line.trim()}`] : []
    )
  );
}

Deno.test("tidy: no file has more than 300 lines", () => {
  assert.ok(sources.length > 100, "the files are found");
  const long = sources.map((path) => [path, textOf(path).trimEnd().split("\n").length] as const);
  assert.deepEqual(long.filter(([, lines]) => lines > 300), []);
});

Deno.test("tidy: comments end at 100 columns, and code where it can be broken", () => {
  const isComment = (line: string) => /^\s*(\/\*\*|\*|\/\/)/.test(line);
  const hasLiteral = (line: string) => /["'`\/]/.test(line);
  const long = breaches(sources, (line) => {
    const columns = [...line].length;
    if (columns <= 100) return false;
    // A directive has to stand in one line; a literal cannot be broken by `deno fmt`.
    if (/^\s*\/\/ deno-/.test(line)) return false;
    return isComment(line) || !hasLiteral(line) || columns > 150;
  });
  assert.deepEqual(long, []);
});

Deno.test("tidy: names of files are in snake case", () => {
  const odd = sources.filter((path) => path.split("/").some((part) => !/^[a-z0-9_.]+$/.test(part)));
  assert.deepEqual(odd, []);
});

Deno.test("tidy: nothing names another registry, a machine's paths or who wrote it", () => {
  // Put together, so that this file is held to the rule too.
  const banned = [
    "j" + "sr:",
    "j" + "sr.io",
    "deno" + ".land/",
    "registry." + "npmjs.org",
    "pypi" + ".org",
    "proxy." + "golang.org",
    "/wo" + "rk/main",
    "/wo" + "rk/shared",
    "/tmp/" + "fx",
    "/op" + "t/",
    "sub" + "agent",
  ];
  assert.deepEqual(
    breaches(
      texts.filter((path) => path !== "deno.lock"),
      (line) => banned.some((word) => line.toLowerCase().includes(word)),
    ),
    [],
  );
});

Deno.test("tidy: nothing is left to be done", () => {
  const marks = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X:"].join("|")})\\b`);
  assert.deepEqual(breaches(texts, (line) => marks.test(line)), []);
});

Deno.test("tidy: core knows no runtime, no terminal and no environment", () => {
  const core = sources.filter((path) => path.startsWith("core/"));
  const runtime = /\bDeno\.|["']node:|\bprocess\.(env|argv|exit|std)|\bconsole\.|\bBun\./;
  const isCode = (line: string) => !/^\s*(\/\*\*|\*|\/\/)/.test(line);
  assert.deepEqual(breaches(core, (line) => isCode(line) && runtime.test(line)), []);
});

Deno.test("tidy: only the host talks to the runtime, apart from SQLite, gzip and sockets", () => {
  const outside = sources.filter((path) =>
    /^(cli|modules|store)\//.test(path) && !path.startsWith("store/host/")
  );
  const runtime =
    /\bDeno\.|["']node:(?!sqlite|zlib|stream|net|tls)|\bprocess\.(env|argv|exit|std)|\bconsole\./;
  const isCode = (line: string) => !/^\s*(\/\*\*|\*|\/\/)/.test(line);
  assert.deepEqual(breaches(outside, (line) => isCode(line) && runtime.test(line)), []);
});

Deno.test("tidy: every test can be run and none is left out in secret", () => {
  const tests = filesOf("_test.ts");
  // Put together, so that this file is held to the rule too.
  const secret = new RegExp(`\\bDeno\\.test\\.(${"on" + "ly"}|${"ig" + "nore"})\\b`);
  assert.deepEqual(breaches(tests, (line) => secret.test(line)), []);
  for (const path of tests) {
    assert.match(textOf(path), /\b(Deno\.test|test|stepThrough)\(|Suite\(|skip/, path);
  }
});
