import assert from "node:assert/strict";
import { withAtlas } from "./atlas.ts";

Deno.test("patterns: what the library cannot read is matched as a path would be", async () => {
  await withAtlas(async ({ run, write }) => {
    write("a/b.csv", "x\n");
    assert.equal((await run("add", "a//*.csv")).code, 0);
    assert.equal((await run("add", "*//")).code, 0);
    const said = await run("add", "*//nothing*");
    assert.deepEqual([said.code, said.stdout], [1, ""]);
    assert.match(said.stderr, /nothing matches the pattern/);
  });
});
