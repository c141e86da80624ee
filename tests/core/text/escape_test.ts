import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeForTerminal, escapeLines } from "../../../core/text/escape.ts";

Deno.test("what a terminal would obey is shown instead", () => {
  const examples: ReadonlyArray<readonly [string, string]> = [
    ["\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"],
    ["a\nb\tc\0", "a\\x0ab\\x09c\\x00"],
    ["\x7f\x9b2J", "\\x7f\\x9b2J"],
    ["invoice\u202etxt.exe", "invoice\\u{202e}txt.exe"],
    ["\u2066a\u2069\u200f", "\\u{2066}a\\u{2069}\\u{200f}"],
    ["a\ud800b\udfff", "a\\u{d800}b\\u{dfff}"],
    ["a\u2028b\ufeff\u200b\u{e0041}", "a\\u{2028}b\\u{feff}\\u{200b}\\u{e0041}"],
  ];
  for (const [text, shown] of examples) assert.equal(escapeForTerminal(text), shown);
});

Deno.test("names of people, places and cells stay as they are", () => {
  for (const text of ["", "PBMC 2026", "naïve – 試験", "שלום مرحبا", "👩‍🔬😀", "क्‍ष", "a\\b"]) {
    assert.equal(escapeForTerminal(text), text);
  }
});

Deno.test("nothing harmful is ever left, and escaping again changes nothing", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const shown = escapeForTerminal(text);
    assert.doesNotMatch(shown, /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    assert.ok(shown.isWellFormed());
    assert.equal(escapeForTerminal(shown), shown);
  }));
});

Deno.test("laid out text keeps its lines, and its styles only where there are any", () => {
  const text = "a\tb\n\x1b[31mred\x1b[0m\x1b[2J\r\u202e";
  assert.equal(escapeLines(text, true), "a\tb\n\x1b[31mred\x1b[0m\\x1b[2J\\x0d\\u{202e}");
  assert.equal(escapeLines(text, false), "a\tb\n\\x1b[31mred\\x1b[0m\\x1b[2J\\x0d\\u{202e}");
});
