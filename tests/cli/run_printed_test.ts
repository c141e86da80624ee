import assert from "node:assert/strict";
import { withRunWorld } from "./run_world.ts";

Deno.test("run: what a shell sends into a file is made again there, and is no log to why", async () => {
  await withRunWorld(async ({ write, lamin, json, shell, lastRun, path }) => {
    write("in.txt", "b\na\n");
    await lamin("add", "in.txt");
    const said = await shell("mkdir out; lamin run --auto -q -- sort in.txt > out/sorted.txt");
    assert.equal(said.code, 0, said.stderr);
    assert.equal(JSON.parse(String(lastRun()["extra_data"])).lamin.stdout, "out/sorted.txt");
    const [again] = await json("rerun", "out/sorted.txt", "--yes");
    assert.deepEqual(again.outputs.map(({ verdict }: { verdict: string }) => verdict), [
      "same bytes",
    ]);
    // The log of the run has the same bytes.
    Deno.copyFileSync(path("out/sorted.txt"), path("../elsewhere.txt"));
    const [found] = await json("why", "../elsewhere.txt");
    assert.equal(found.artifact.key, "out/sorted.txt");
    assert.doesNotMatch(await lamin("why", "../elsewhere.txt"), /log streams/);

    // What was there before, or lies elsewhere, says nothing of what a rerun must write.
    await shell("lamin run --auto -q -- sort in.txt >> out/sorted.txt");
    assert.equal(JSON.parse(String(lastRun()["extra_data"])).lamin.stdout, undefined);
    await shell("lamin run --auto -q -- sort in.txt > ../other.txt");
    assert.equal(JSON.parse(String(lastRun()["extra_data"])).lamin.stdout, undefined);
  });
});
