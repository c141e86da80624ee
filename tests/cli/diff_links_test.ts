import assert from "node:assert/strict";
import { withAtlas } from "./atlas.ts";

Deno.test({
  name: "diff: what stands where a file was recorded is what status takes it for",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await withAtlas(async (atlas) => {
      for (const name of ["same.csv", "lost.csv", "pipe.csv", "plain.csv"]) {
        atlas.write(name, `${name}\n`);
      }
      await atlas.lamin("add", ".");
      Deno.renameSync(atlas.path("same.csv"), `${atlas.home}/same.csv`);
      Deno.symlinkSync(`${atlas.home}/same.csv`, atlas.path("same.csv"));
      atlas.remove("lost.csv");
      Deno.symlinkSync("nowhere", atlas.path("lost.csv"));
      atlas.remove("pipe.csv");
      new Deno.Command("mkfifo", { args: [atlas.path("pipe.csv")] }).outputSync();
      atlas.write("plain.csv", "other\n");
      const status = await atlas.json("status");
      assert.deepEqual([...new Set(status.map((entry) => entry.status))], ["modified"]);
      const { code, stdout, stderr } = await atlas.run("diff");
      assert.deepEqual([code, stderr], [0, ""], stdout);
      assert.equal(stdout.match(/a file became a link/g)?.length, 2, stdout);
      assert.match(stdout, /a file became a device or pipe/);
      const one = await atlas.run("diff", "same.csv", "--exit-code");
      assert.equal(one.code, 3, one.stdout);
      // Whoever names two things means what the names lead to.
      const two = await atlas.run("diff", "same.csv@0000", "./same.csv", "--exit-code");
      assert.equal(two.code, 0, two.stdout);
    });
  },
});

Deno.test("a key longer than any file's name: its verbs go on without a file", async () => {
  await withAtlas(async (atlas) => {
    const key = `${"k".repeat(300)}.csv`;
    atlas.write("a.csv", "x\n");
    await atlas.lamin("add", "a.csv", "--key", key);
    const [status] = await atlas.json("status", key);
    assert.equal(status.status, "not fetched");
    assert.equal((await atlas.run("diff", key)).code, 0);
    assert.equal(await atlas.lamin("cat", key), "x\n");
    assert.match(await atlas.lamin("mv", key, "b.csv"), /renamed/);
    assert.equal(await atlas.lamin("cat", "b.csv"), "x\n");
  });
});
