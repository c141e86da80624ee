/** Whether a folder is one artifact or many stays as it was decided. */
import assert from "node:assert/strict";
import { type Atlas, withAtlas } from "./atlas.ts";

async function keysOf(atlas: Atlas): Promise<string[]> {
  return (await atlas.json("list", "artifact")).map(({ key }) => key).sort();
}

Deno.test("add: a folder whose files are tracked one by one stays so, whatever its name", async () => {
  await withAtlas(async (atlas) => {
    atlas.write("deep/x.zarr/.zattrs", "{}");
    atlas.write("deep/x.zarr/0/0", "data");
    atlas.write("deep/y.zarr/0", "data");
    await atlas.lamin("add", "deep/x.zarr", "--as", "files");
    await atlas.lamin("add", ".");
    const tracked = ["deep/x.zarr/.zattrs", "deep/x.zarr/0/0", "deep/y.zarr"];
    assert.deepEqual(await keysOf(atlas), tracked);
    atlas.write("deep/x.zarr/0/0", "other");
    atlas.write("deep/x.zarr/0/1", "more");
    for (const words of [["deep/x.zarr"], ["."], ["deep"]]) await atlas.lamin("add", ...words);
    assert.deepEqual(await keysOf(atlas), [...tracked, "deep/x.zarr/0/1"].sort());
    assert.deepEqual(await atlas.json("status"), []);
    assert.equal((await atlas.json("log", "deep/x.zarr/0/0")).length, 2);
    await atlas.lamin("add", "deep/x.zarr", "--as", "folder");
    await atlas.lamin("add", ".");
    assert.deepEqual((await keysOf(atlas)).filter((key) => key === "deep/x.zarr"), ["deep/x.zarr"]);
  });
});

Deno.test("add: below a prefix, too, and with all files in the trash no more", async () => {
  await withAtlas(async (atlas) => {
    Deno.mkdirSync(`${atlas.home}/out/x.zarr`, { recursive: true });
    Deno.writeTextFileSync(`${atlas.home}/out/x.zarr/0`, "1");
    const outside = ["add", `${atlas.home}/out`, "--key-prefix", "p"];
    await atlas.lamin(...outside, "--as", "files");
    Deno.writeTextFileSync(`${atlas.home}/out/x.zarr/1`, "2");
    await atlas.lamin(...outside);
    assert.deepEqual(await keysOf(atlas), ["p/out/x.zarr/0", "p/out/x.zarr/1"]);
    await atlas.lamin("rm", "-r", "p");
    await atlas.lamin(...outside);
    assert.deepEqual(await keysOf(atlas), ["p/out/x.zarr"]);
  });
});
