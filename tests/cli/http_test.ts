import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { withAtlas } from "./atlas.ts";

/** A web server with one file, of which it tells size and ETag. */
async function withSite(
  work: (site: { address: string; content: string; etag: string }) => Promise<void>,
): Promise<void> {
  const site = { address: "", content: "x\n1\n", etag: '"one"' };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    if (new URL(request.url).pathname !== "/data/a.csv") return new Response("no", { status: 404 });
    const headers = { etag: site.etag, "content-length": `${site.content.length}` };
    return new Response(request.method === "HEAD" ? null : site.content, { headers });
  });
  try {
    site.address = `http://127.0.0.1:${server.addr.port}/data/a.csv`;
    await work(site);
  } finally {
    await server.shutdown();
  }
}

Deno.test("HTTP: a file is registered where it lies, and one that was replaced is not given", async () => {
  await withSite(async (site) => {
    await withAtlas(async ({ lamin, json, run }) => {
      await lamin("add", site.address);
      const [row] = await json("show", "data/a.csv");
      const hash = createHash("md5").update("one").digest("base64url");
      assert.deepEqual([row.hash, row._hash_type, row.size], [hash, "md5-etag", 4]);
      assert.equal(await lamin("cat", "data/a.csv"), "x\n1\n");
      await lamin("cache", "clear", "--all");
      [site.content, site.etag] = ["x\n2\n", '"two"'];
      const said = await run("cat", "data/a.csv");
      assert.deepEqual([said.code, said.stdout], [13, ""]);
      assert.match(said.stderr, /replaced since it was registered/);
      const [again] = await json("add", site.address);
      assert.equal(again.status, "new version");
      assert.equal(await lamin("cat", "data/a.csv"), "x\n2\n");
      const none = await run("add", site.address.replace("a.csv", "none.csv"));
      assert.equal(none.code, 1, none.stderr);
    });
  });
});
