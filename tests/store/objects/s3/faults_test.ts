import assert from "node:assert/strict";
import {
  answerOf,
  LyingProxy,
  type WireFault,
  type WireRequest,
} from "../../../faults/lying_proxy.ts";
import { noS3Server } from "../../../s3_server.ts";
import { test } from "../../../skip.ts";
import { fails, namesBelow, put, textOf } from "../../../conformance/blob/store_driver.ts";
import { S3Versions } from "../../../../store/objects/s3/s3_versions.ts";
import { denoHost } from "../../../../store/host/deno.ts";
import { withS3 } from "./s3_world.ts";

const slowDown = answerOf(
  "503 Slow Down",
  { "retry-after": "7" },
  "<Error><Code>SlowDown</Code></Error>",
);

const passing: Readonly<Record<string, WireFault>> = {
  "answers that end early": { cutAfter: 3 },
  "requests that get lost": { loses: "request" },
  "answers that get lost": { loses: "answer" },
  "requests that arrive twice": { repeats: true },
  "a server that asks to slow down": { answers: slowDown },
  "a server that fails": { answers: answerOf("500 Oh", {}) },
  "uploads with a wrong bit": { flips: "request" },
};

for (const [name, fault] of Object.entries(passing)) {
  test(`S3 faults: ${name} do not matter, whichever call they strike`, noS3Server, async () => {
    await withS3(async ({ store, proxy }) => {
      // Every second request goes wrong, so each of them once or twice.
      proxy.plan = (_, number) => number % 2 === 1 ? fault : undefined;
      const long = "0123456789".repeat(20_000);
      await put(store, { "a/1": "one", "a/2": long, "b": "" });
      assert.deepEqual(await namesBelow(store, "a/"), ["a/1", "a/2"]);
      assert.deepEqual(
        [await textOf(store, "a/1"), await textOf(store, "a/2"), await textOf(store, "b")],
        ["one", long, ""],
      );
      assert.equal(await store.move("a/1", "c"), true);
      await store.remove(["a/", "b"]);
      proxy.plan = () => undefined;
      assert.deepEqual(await namesBelow(store, "a/"), []);
      assert.equal(await textOf(store, "c"), "one");
    });
  });
}

test(
  "S3 faults: Retry-After is kept, and a server that stays busy is told of",
  noS3Server,
  async () => {
    await withS3(async ({ store, proxy, pauses }) => {
      proxy.plan = (_, number) => number === 1 ? { answers: slowDown } : undefined;
      await put(store, { "a": "1" });
      assert.deepEqual(pauses, [7000]);
      proxy.plan = () => ({ answers: slowDown });
      await assert.rejects(
        () => put(store, { "b": "1" }),
        /could not write atlas\/b: .* too much to do/,
      );
      assert.equal(pauses.length, 4, "it was asked four times");
    });
  },
);

test("S3 faults: a long read goes on where the connection broke", noS3Server, async () => {
  await withS3(async ({ store, proxy }) => {
    const text = "ACGT".repeat(1 << 19);
    await put(store, { "a": text });
    proxy.requests.length = 0;
    proxy.plan = (_, number) => number <= 3 ? { cutAfter: 50_000 * number } : undefined;
    assert.equal(await textOf(store, "a"), text);
    const ranges = proxy.requests.map(({ head }) => /range: ?bytes=(\d+)-/i.exec(head)?.[1]);
    const begun = ranges.flatMap((begin) => begin === undefined ? [] : [Number(begin)]);
    assert.ok(begun.at(-1)! > 100_000, "not from the start");
  });
});

test("S3 faults: an object that is replaced during a read is not mixed", noS3Server, async () => {
  await withS3(async ({ store }) => {
    await put(store, { "a": "A".repeat(300_000) });
    const reader = await store.open("a");
    await store.remove(["a"]);
    await put(store, { "a": "B".repeat(300_000) });
    await fails("conflict", () => reader.read(200_000, 10));
    await store.remove(["a"]);
    await fails("not_found", () => reader.read(200_000, 10));
    reader.close();
  });
});

test("S3 faults: a server that keeps silent is given up", noS3Server, async () => {
  await withS3(async ({ store, proxy, patience }) => {
    Object.assign(patience, { timeoutMs: 50 });
    proxy.plan = () => ({ hangs: true });
    await assert.rejects(() => store.entry("a"), /does not answer in time \(127\.0\.0\.1:\d+\)/);
    assert.equal(proxy.requests.length, 4);
  });
});

test("S3 faults: keys are sent to no other server", noS3Server, async () => {
  await withS3(async ({ store, proxy }) => {
    const other = new LyingProxy();
    other.plan = () => ({ answers: answerOf("200 OK", {}, "stolen") });
    for (const status of ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"]) {
      const location = `${other.endpoint}/bucket/a`;
      proxy.plan = () => ({ answers: answerOf(status, { location }) });
      await fails("failed", () => store.open("a"));
      await fails("failed", () => put(store, { "a": "1" }));
    }
    assert.deepEqual(other.requests, []);
    await other.end();
  });
});

test(
  "S3 faults: whatever is answered instead of XML is told of, and nothing is believed",
  noS3Server,
  async () => {
    await withS3(async ({ store, proxy }) => {
      const bodies = [
        "",
        "<html>login</html>",
        "\0\xff",
        `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`,
      ];
      for (const body of bodies) {
        proxy.plan = () => ({ answers: answerOf("200 OK", {}, body) });
        await fails("failed", () => store.entries("a"));
      }
      const page = (items: string) =>
        answerOf(
          "200 OK",
          {},
          `<ListBucketResult><IsTruncated>false</IsTruncated>${items}</ListBucketResult>`,
        );
      const item = (key: string) =>
        `<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`;
      const keys = ["other/a", "atlas/a/../../b", "atlas/a//c", "atlas/a/", "atlas/a/ok"];
      proxy.plan = () => ({ answers: page(keys.map(item).join("")) });
      assert.deepEqual(await namesBelow(store, "a/"), ["a/ok"]);
      const endless = page(item("atlas/a/ok")).replace("false", "true");
      proxy.plan = () => ({
        answers: endless.replace(
          "</ListB",
          "<NextContinuationToken>x</NextContinuationToken></ListB",
        ),
      });
      await assert.rejects(() => namesBelow(store, "a/"));
    });
  },
);

test("S3 faults: more bytes than were asked for are refused", noS3Server, async () => {
  await withS3(async ({ store, proxy }) => {
    const lies = [
      answerOf("206 Partial", { "content-range": "bytes 0-9/5", etag: '"1"' }, "0123456789"),
      answerOf("206 Partial", { "content-range": "bytes 5-9/10", etag: '"1"' }, "56789"),
      answerOf("206 Partial", { "content-range": "bytes 0-4/10", etag: '"1"' }, "0123456789"),
    ];
    for (const answers of lies) {
      proxy.plan = () => ({ answers });
      await fails("failed", () => store.open("a"));
    }
  });
});

test("S3 faults: HEAD may be forbidden", noS3Server, async () => {
  await withS3(async ({ store, proxy }) => {
    await put(store, { "a": "123", "none": "" });
    const noHead = ({ method }: WireRequest): WireFault | undefined =>
      method === "HEAD"
        ? { answers: "HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n" }
        : undefined;
    proxy.plan = noHead;
    assert.deepEqual([...await store.sizes(["a", "none", "b"])], [["a", 3], ["none", 0]]);
    assert.equal(await textOf(store, "a"), "123");
    await put(store, { "a": "1234" });
    assert.equal(await textOf(store, "a"), "1234");
  });
});

test(
  "S3 faults: a server without conditions for writing is written to all the same",
  noS3Server,
  async () => {
    await withS3(async ({ store, proxy, blobs }) => {
      const notKnown = answerOf("501 Not", {}, "<Error><Code>NotImplemented</Code></Error>");
      proxy.plan = ({ head }) =>
        /\r\nif-(none-)?match:/i.test(head) ? { answers: notKnown } : undefined;
      await put(store, { "a": "1", "b": "22" });
      await put(store, { "a": "other", "b": "xx" });
      assert.deepEqual([await textOf(store, "a"), await textOf(store, "b")], ["other", "22"]);
      const { client } = await blobs();
      const versions = new S3Versions(denoHost(), client);
      await assert.rejects(() => versions.requireConditions("head"), /on condition/);
    });
  },
);

test("S3 faults: a server that knows no checksums gets none", noS3Server, async () => {
  await withS3(async ({ store, proxy, blobs }) => {
    const notKnown = answerOf("501 Not", {}, "<Error><Code>NotImplemented</Code></Error>");
    proxy.plan = ({ head }) =>
      /\r\nx-amz-checksum-(sha256|alg)/i.test(head) ? { answers: notKnown } : undefined;
    await put(store, { "a": "1" });
    assert.equal(await textOf(store, "a"), "1");
    const { client } = await blobs();
    assert.deepEqual([client.sendsChecksums, client.hasConditions], [false, true]);
  });
});

test("S3 faults: small blobs are checked when they are read", noS3Server, async () => {
  await withS3(async ({ store, proxy }) => {
    await put(store, { "a": "right" });
    let flips = 1;
    proxy.plan = () => flips-- > 0 ? { flips: "answer" } : undefined;
    assert.equal(await textOf(store, "a"), "right");
    flips = 0;
    proxy.plan = ({ method }) => method === "GET" ? { flips: "answer" } : undefined;
    await fails("damaged", () => store.open("a"));
  });
});

test("S3 faults: what is stored packed is not unpacked", noS3Server, async () => {
  await withS3(async ({ store, blobs, proxy }) => {
    const packed = new Uint8Array(
      await new Response(
        new Blob(["text ".repeat(50_000)]).stream().pipeThrough(new CompressionStream("gzip")),
      ).arrayBuffer(),
    );
    const { client } = await blobs();
    await client.call({
      what: "write",
      permission: "s3:PutObject",
      key: client.keyOf("a.gz"),
      method: "PUT",
      headers: { "content-encoding": "gzip" },
      body: packed,
      expects: [200],
    });
    assert.ok(proxy.requests.length > 0);
    const reader = await store.open("a.gz");
    assert.equal(reader.size, packed.length);
    assert.deepEqual(await reader.read(0, packed.length), packed);
    reader.close();
  });
});

test("S3 versions: only who knows the newest one replaces it", noS3Server, async () => {
  await withS3(async ({ blobs, proxy }) => {
    const versions = new S3Versions(denoHost(), (await blobs()).client);
    const replace = (text: string, expected: string | null) =>
      versions.replace("head", new TextEncoder().encode(text), expected);
    await versions.requireConditions("head");
    assert.equal(await versions.look("head"), undefined);
    assert.equal(await versions.readVersion("head"), undefined);
    const first = await replace("1", null);
    assert.ok(first);
    assert.equal(await replace("2", null), undefined);
    assert.equal((await versions.look("head"))!.etag, first);
    const open = await versions.openVersion("head", first);
    assert.equal(new TextDecoder().decode(await open.read(0, 9)), "1");
    open.close();
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, number) => replace(`n${number}`, first)),
    );
    const [second, ...others] = results.filter((etag) => etag !== undefined);
    assert.ok(second);
    assert.deepEqual(others, []);
    await assert.rejects(versions.openVersion("head", first), /no bytes at head/);
    let isLost = false;
    proxy.plan = ({ method }) => {
      if (method !== "PUT" || isLost) return undefined;
      isLost = true;
      return { loses: "answer" };
    };
    assert.equal(await replace("last", second), undefined, "asked twice, carried out once");
    assert.equal(new TextDecoder().decode((await versions.readVersion("head"))!.bytes), "last");
  });
});
