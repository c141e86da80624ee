import assert from "node:assert/strict";
import { currentHost } from "../../../../store/host/select.ts";
import { openHttp } from "../../../../store/objects/http/open_http.ts";
import { usualPatience } from "../../../../store/objects/http/retry.ts";
import { LyingProxy } from "../../../faults/lying_proxy.ts";
import { serveFiles } from "../../../file_server.ts";

const host = await currentHost();

Deno.test("http: who jumps about is sent just what is read, who goes on gets all", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  Deno.writeFileSync(`${folder}/a`, new Uint8Array(12 << 20));
  const server = serveFiles(folder);
  const proxy = new LyingProxy(server.endpoint);
  const asked = () =>
    proxy.requests.splice(0).map(({ head }) => /\r\nrange: bytes=(\S*)/i.exec(head)?.[1]);
  try {
    const blobs = openHttp(host, proxy.endpoint, usualPatience);
    const inOrder = await blobs.open("a");
    for (let at = 0; at < 4 << 20; at += 1 << 20) await inOrder.read(at, 1 << 20);
    inOrder.close();
    assert.deepEqual(asked(), ["0-65535", "65536-"]);
    const jumping = await blobs.open("a");
    for (const at of [9_000_000, 9_000_100, 5_000_000, 5_000_100]) await jumping.read(at, 100);
    assert.deepEqual(asked(), [
      "0-65535",
      ...["9000000-9000099", "9000100-9000199", "5000000-5000099", "5000100-5000199"],
    ]);
    for (let at = 0; at < 8 << 20; at += 2 << 20) await jumping.read((2 << 20) + at, 2 << 20);
    jumping.close();
    assert.deepEqual(asked(), ["2097152-4194303", "4194304-6291455", "6291456-"]);
  } finally {
    await proxy.end();
    await server.end();
    Deno.removeSync(folder, { recursive: true });
  }
});
