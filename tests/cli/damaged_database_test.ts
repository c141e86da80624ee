/** What every verb says of a database that is none, or is cut off. */
import assert from "node:assert/strict";
import { withInstance } from "../lamin.ts";

Deno.test("damaged database: each verb says so in a sentence and ends with 13", async () => {
  await withInstance(async ({ root, run, write }) => {
    const path = `${root}/.lamindb/lamin.db`;
    const whole = Deno.readFileSync(path);
    write("a.csv", "x\n");
    const damages: [string, Uint8Array, RegExp][] = [
      ["empty", new Uint8Array(), /has none of LaminDB's tables/],
      [
        "text",
        new TextEncoder().encode("no database\n".repeat(100)),
        /not a sound SQLite database/,
      ],
      ["half", whole.slice(0, whole.length >> 1), /not a sound SQLite database/],
    ];
    for (const [name, bytes, sentence] of damages) {
      Deno.writeFileSync(path, bytes);
      const lines = [["info"], ["status"], ["add", "a.csv"], ["fsck"], ["list", "artifact"]];
      for (const words of lines) {
        const { code, stdout, stderr } = await run(words);
        assert.deepEqual([code, stdout], [13, ""], `${name} ${words}: ${stderr}`);
        assert.match(stderr, sentence, `${name} ${words}`);
        assert.ok(stderr.trim().split("\n").length <= 2, stderr);
      }
      assert.deepEqual(Deno.readFileSync(path), bytes, "it is left as it is");
    }
  });
});
