import assert from "node:assert/strict";
import { LaminError } from "../../../../store/errors.ts";
import { currentHost } from "../../../../store/host/select.ts";
import { checkUrl, isOfTheLink } from "../../../../store/objects/http/allowed_url.ts";
import { parseContentRange } from "../../../../store/objects/http/content_range.ts";
import { follow } from "../../../../store/objects/http/follow.ts";
import { HttpClient, type HttpRequest } from "../../../../store/objects/http/http_client.ts";
import { openHttp } from "../../../../store/objects/http/open_http.ts";
import { pauseBefore, retryAfterMs, usualPatience } from "../../../../store/objects/http/retry.ts";
import { openBlobStore } from "../../../../store/objects/open_blob_store.ts";
import { fails, namesBelow, put, textOf } from "../../../conformance/blob/store_driver.ts";
import { answerOf, LyingProxy } from "../../../faults/lying_proxy.ts";
import { serveFiles } from "../../../file_server.ts";

const host = await currentHost();
const patience = { ...usualPatience, attempts: 3, wait: () => Promise.resolve() };

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  try {
    await work(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function withProxy(work: (proxy: LyingProxy) => Promise<void>): Promise<void> {
  const proxy = new LyingProxy();
  try {
    await work(proxy);
  } finally {
    await proxy.end();
  }
}

Deno.test("http: a file that changes while it is read is noticed", async () => {
  for (const manners of [{}, { isWeak: true }, { hasNoRanges: true }]) {
    await withFolder(async (folder) => {
      const server = serveFiles(folder, manners);
      try {
        Deno.writeTextFileSync(`${folder}/a`, "A".repeat(300_000));
        const blobs = openHttp(host, server.endpoint, patience);
        const reader = await blobs.open("a");
        await reader.read(0, 10);
        Deno.writeTextFileSync(`${folder}/b`, "B".repeat(300_000));
        Deno.renameSync(`${folder}/b`, `${folder}/a`);
        // Back from the end, so that what is on its way does not hide the change.
        await fails("conflict", async () => {
          await reader.read(250_000, 10);
          await reader.read(100_000, 10);
        });
        reader.close();
      } finally {
        await server.end();
      }
    });
  }
});

Deno.test("http: redirects are followed, without credentials to other servers", async () => {
  await withProxy(async (first) => {
    await withProxy(async (second) => {
      const ok = answerOf("200 OK", { etag: '"1"' }, "text");
      second.plan = () => ({ answers: ok });
      first.plan = ({ target }) => {
        const location = target === "/d/a" ? "/d/b" : `${second.endpoint}/c`;
        return { answers: answerOf("302 Found", { location }) };
      };
      const root = `${first.endpoint.replace("//", "//user:word@")}/d`;
      const store = openHttp(host, root, patience);
      const reader = await store.open("a");
      assert.equal(new TextDecoder().decode(await reader.read(0, 9)), "text");
      reader.close();
      const has = ({ head }: { head: string }) =>
        /\r\nauthorization: basic dXNlcjp3b3Jk/i.test(head);
      assert.deepEqual(first.requests.map(has), [true, true]);
      assert.deepEqual(second.requests.map(({ head }) => /authorization/i.test(head)), [false]);
    });
  });
});

Deno.test("http: nobody is led to the machine's own network, or in circles", async () => {
  await withProxy(async (proxy) => {
    const store = openHttp(host, proxy.endpoint, patience);
    for (
      const location of [
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "http://[fd00:ec2::254]/",
      ]
    ) {
      proxy.plan = () => ({ answers: answerOf("302 Found", { location }) });
      await fails("denied", () => store.open("a"));
    }
    proxy.plan = () => ({ answers: answerOf("302 Found", { location: "/a" }) });
    await assert.rejects(() => store.open("a"), /leads in circles/);
  });
});

Deno.test("http: a redirect by name is looked up, and one from https to http is refused", async () => {
  await withProxy(async (proxy) => {
    const client = new HttpClient(patience);
    const url = new URL(`${proxy.endpoint}/a`);
    proxy.plan = () => ({
      answers: answerOf("302 Found", { location: "http://innocent.example/" }),
    });
    await fails(
      "denied",
      () =>
        follow(client, "read a", { method: "GET", url, headers: {} }, (name) => {
          assert.equal(name, "innocent.example");
          return Promise.resolve(["203.0.113.1", "169.254.169.254"]);
        }),
    );
    // Nothing speaks TLS here: what a server would answer is asked by http.
    const secure = {
      begin: (what: string, make: () => HttpRequest) =>
        client.begin(what, () => ({ ...make(), url })),
    } as unknown as HttpClient;
    const request = { method: "GET", url: new URL("https://safe.example/a"), headers: {} } as const;
    await fails("denied", () => follow(secure, "read a", request, () => Promise.resolve([])));
  });
});

Deno.test("http: addresses that are never asked", () => {
  const bad = ["http://169.254.169.254/", "http://0xA9FEA9FE/", "http://2852039166/", "ftp://host/"]
    .concat(["http://[fe80::1]/", "http://[fd00:ec2::254]/", "http://[::ffff:169.254.169.254]/"])
    .concat(["https://metadata.google.internal/", "http://METADATA.google.internal./"]);
  for (const text of bad) assert.throws(() => checkUrl(new URL(text)), LaminError, text);
  for (const text of ["http://127.0.0.1:1/", "https://example.org/", "http://[::1]/"]) {
    checkUrl(new URL(text));
  }
  assert.ok(isOfTheLink("169.254.1.1") && isOfTheLink("FE80::1") && !isOfTheLink("10.0.0.1"));
});

Deno.test("http: what only reads refuses to write, and what has no list says so", async () => {
  await withFolder(async (folder) => {
    const server = serveFiles(folder);
    try {
      const store = openBlobStore(host, server.endpoint, { folder });
      assert.equal(store.kind, "http");
      await fails("denied", () => put(store, { "a": "1" }));
      await fails("denied", () => store.remove(["a"]));
      await fails("denied", () => store.move("a", "b"));
      await assert.rejects(() => store.entries("a"), /cannot be listed/);
      await assert.rejects(() => namesBelow(store, "a/"), /cannot be listed/);
    } finally {
      await server.end();
    }
  });
});

Deno.test("http: what is secret in an address shows nowhere", async () => {
  await withFolder(async (folder) => {
    const root = "http://user:pass-word@127.0.0.1/d?token=to-ken";
    const store = openBlobStore(host, root, { folder });
    const failures: unknown[] = [];
    for (const work of [() => put(store, { "a": "1" }), () => store.entries("a")]) {
      await assert.rejects(work, (error) => failures.push(error) > 0);
    }
    for (const other of ["ftp://u:pass-word@h/?to-ken", "https:///?to-ken"]) {
      await assert.rejects(
        async () => await openBlobStore(host, other, { folder }).entries("a"),
        (error) => failures.push(error) > 0,
      );
    }
    const shown = failures.map((error) => `${error} ${JSON.stringify(error)}`).join("\n");
    assert.doesNotMatch(shown, /pass-word|to-ken/);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.equal(names.length, 1);
    assert.doesNotMatch(names.join(), /pass-word|to-ken/);
  });
});

Deno.test("http: failures in sentences", async () => {
  await withProxy(async (proxy) => {
    const store = openHttp(host, proxy.endpoint, patience);
    const cases = [
      ["401 No", "denied", /does not let a be read/],
      ["403 No", "denied", /does not let a be read/],
      ["418 Tea", "failed", /status 418/],
      ["503 Busy", "failed", /status 503/],
    ] as const;
    for (const [status, code, words] of cases) {
      proxy.plan = () => ({ answers: answerOf(status, {}) });
      await assert.rejects(
        () => store.open("a"),
        (error) => error instanceof LaminError && error.code === code && words.test(error.message),
      );
    }
    proxy.plan = () => ({ loses: "request" });
    await assert.rejects(() => store.open("a"), /could not read a: the connection was lost/);
  });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const nobody = openHttp(host, `http://127.0.0.1:${port}`, patience);
  await assert.rejects(() => nobody.open("a"), /could not read a: nothing answers there \(127/);
});

Deno.test("http: bodies packed on the way are not taken for the bytes", async () => {
  await withProxy(async (proxy) => {
    const packed = new Uint8Array(
      await new Response(
        new Blob(["text ".repeat(100)]).stream().pipeThrough(new CompressionStream("gzip")),
      ).arrayBuffer(),
    );
    const head = `HTTP/1.1 206 OK\r\ncontent-encoding: gzip\r\netag: "1"\r\nconnection: close\r\n` +
      `content-range: bytes 0-${packed.length - 1}/${packed.length}\r\n`;
    // As text, byte by byte: the head is ASCII and the body survives in Latin-1 only.
    assert.ok(packed.length < 100);
    proxy.plan = () => ({ answers: `${head}content-length: 4\r\n\r\ntext` });
    const store = openHttp(host, proxy.endpoint, patience);
    await assert.rejects(() => store.open("a"));
  });
});

Deno.test("http: pauses grow, and the server's wish is kept within bounds", () => {
  const first = pauseBefore(usualPatience, 0, undefined)!;
  assert.ok(first >= 100 && first <= 200);
  assert.ok(pauseBefore(usualPatience, 20, undefined)! <= usualPatience.longestMs);
  assert.equal(pauseBefore(usualPatience, 0, 5000), 5000);
  assert.equal(pauseBefore(usualPatience, 0, 3_600_000), undefined);
  const now = new Date("2026-01-01T00:00:00Z");
  assert.equal(retryAfterMs("3", now), 3000);
  assert.equal(retryAfterMs("Thu, 01 Jan 2026 00:00:09 GMT", now), 9000);
  assert.equal(retryAfterMs("soon", now), undefined);
  assert.deepEqual(parseContentRange("bytes 0-9/10"), { from: 0, to: 9, total: 10 });
  for (const bad of ["bytes 9-0/10", "bytes 0-10/10", "bytes 0-9/*", "0-9/10", null]) {
    assert.equal(parseContentRange(bad), undefined);
  }
});

Deno.test("hf: files and lists of a hub that speaks its paths", async () => {
  await withFolder(async (folder) => {
    // The hub itself cannot be asked in tests: this one answers its documented paths.
    const asked: string[] = [];
    const hub = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      const { pathname, search, origin } = new URL(request.url);
      asked.push(`${pathname}${search} ${request.headers.get("authorization")}`);
      if (pathname === "/datasets/lab/cells/resolve/v1/raw/a%20b.csv") {
        return new Response("a,b", { headers: { etag: '"x"', "content-length": "3" } });
      }
      if (!pathname.startsWith("/api/datasets/lab/cells/tree/v1/raw/sub")) {
        return new Response("no", { status: 404 });
      }
      const file = (path: string) => ({ type: "file", path, size: 3, oid: "ab" });
      if (search.includes("cursor")) return Response.json([file("raw/sub/2"), file("other/3")]);
      const next = `<${origin}${pathname}?cursor=1>; rel="next"`;
      const folder = { type: "directory", path: "raw/sub/d", oid: "cd", size: 0 };
      return Response.json([file("raw/sub/1"), folder], { headers: { link: next } });
    });
    try {
      const environment = {
        HF_ENDPOINT: `http://127.0.0.1:${hub.addr.port}`,
        HF_TOKEN: "hf_test",
      } as Record<string, string>;
      const own = { ...host, environment: (name: string) => environment[name] };
      const store = openBlobStore(own, "hf://datasets/lab/cells@v1/raw", { folder });
      assert.equal(await textOf(store, "a b.csv"), "a,b");
      assert.deepEqual(await namesBelow(store, "sub/"), ["sub/1", "sub/2"]);
      assert.deepEqual(await store.entries("sub"), [
        { name: "sub/1", kind: "blob" },
        { name: "sub/d", kind: "folder" },
        { name: "sub/2", kind: "blob" },
      ]);
      assert.deepEqual(await store.entries("nothing"), []);
      assert.ok(asked.every((line) => line.endsWith(" Bearer hf_test")));
      for (const root of ["hf://x", "hf://a/b/../c", "hf://datasets/a"]) {
        await fails("usage", () => openBlobStore(own, root, { folder }).entries("a"));
      }
    } finally {
      await hub.shutdown();
    }
  });
});
