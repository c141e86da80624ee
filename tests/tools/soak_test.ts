import assert from "node:assert/strict";
import { filesWithLongForms } from "../../tools/soak.ts";

Deno.test("soak: the files with long forms are found, whoever imports what for them", () => {
  const files = filesWithLongForms();
  assert.ok(files.includes("tests/crash/kill_test.ts"), "by an import of its own");
  assert.ok(files.includes("tests/crash/bytes_test.ts"), "through the driver");
  assert.ok(!files.includes("tests/tidy_test.ts"));
});
