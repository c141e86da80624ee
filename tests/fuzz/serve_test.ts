/** What strangers send to `lamin serve`: it goes on, holds no more for it, and tells nothing. */

import { deepEqual, doesNotMatch, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { encodeFrame } from "../../core/sync/wire/frame.ts";
import { digestsOf } from "../core/sync/digests.ts";
import { type Lab, withLabs } from "../core/sync/two_labs.ts";
import { soak } from "../soak.ts";
import { ask } from "../sync/ask.ts";
import { type ServedLab, withServed } from "../sync/served.ts";

const rounds = soak ? 500 : 40;
const encoder = new TextEncoder();

/** A lab with a file, served; what it has must not change. */
async function withServedLab(work: (served: ServedLab, lab: Lab) => Promise<void>): Promise<void> {
  await withLabs(["alpha"], async (alpha) => {
    await alpha!.lamin("init");
    alpha!.write("a.txt", "of a");
    await alpha!.lamin("add", "a.txt");
    const before = await digestsOf(alpha!);
    await withServed(alpha!, async (served) => {
      await work(served, alpha!);
      equal((await ask(served.url, "hello", { token: served.readToken })).end.artifacts, 1);
      doesNotMatch(served.said(), /lamin_[\w-]{40}/);
    });
    deepEqual(await digestsOf(alpha!), before);
  });
}

/** Sends bytes over a connection and gives what came, until the other side closes it. */
async function sent(port: number, pieces: Iterable<Uint8Array>): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const decoder = new TextDecoder();
  let text = "";
  try {
    const reading = (async () => {
      const buffer = new Uint8Array(65536);
      for (let count = await connection.read(buffer); count !== null;) {
        text += decoder.decode(buffer.subarray(0, count));
        if (text.length > 1_000_000) break;
        count = await connection.read(buffer);
      }
    })().catch(() => {});
    for (const piece of pieces) {
      for (let at = 0; at < piece.length;) at += await connection.write(piece.subarray(at));
    }
    await connection.closeWrite();
    await reading;
  } catch {
    // It was closed while something was sent.
  } finally {
    try {
      connection.close();
    } catch {
      // closed
    }
  }
  return text;
}

Deno.test("fuzz: any bytes at the door", async () => {
  await withServedLab(async ({ port, readToken }) => {
    const line = fc.constantFrom(
      ...[
        "POST /lamin/v1/hello HTTP/1.1",
        "GET / HTTP/1.1",
        "POST /lamin/v1/../../etc/passwd HTTP/1.1",
      ],
      ...[
        "CONNECT x:1 HTTP/1.1",
        "POST http://other/lamin/v1/hello HTTP/1.1",
        "PRI * HTTP/2.0",
        "",
      ],
    );
    const header = fc.constantFrom(
      ...[
        "Host: x",
        "Content-Length: 5",
        "Content-Length: -1",
        "Content-Length: 99999999999999999",
      ],
      ...["Transfer-Encoding: chunked", "Transfer-Encoding: x, chunked", "Expect: 100-continue"],
      ...["Upgrade: websocket", "Connection: upgrade", `Authorization: Bearer ${readToken}`],
      ...["Authorization: Basic eDp5", "Authorization: Bearer \u00e9", `X: ${"x".repeat(20_000)}`],
    );
    const request = fc.tuple(
      line,
      fc.array(header, { maxLength: 6 }),
      fc.uint8Array({ maxLength: 300 }),
    )
      .map(([first, headers, body]) => [
        encoder.encode([first, ...headers, "", ""].join("\r\n")),
        body,
      ]);
    const bytes = fc.uint8Array({ maxLength: 500 }).map((all) => [all]);
    await fc.assert(
      fc.asyncProperty(fc.oneof(request, bytes), async (pieces) => {
        const text = await sent(port, pieces);
        doesNotMatch(text, /lamin-test-labs|root:x:|\/cli\/|at async/);
      }),
      { numRuns: rounds },
    );
  });
});

Deno.test("fuzz: requests that are nearly right", async () => {
  await withServedLab(async ({ url, readToken }) => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(1e300, -1, "../../etc/passwd", "' OR 1=1 --", "lamindb_artifact", "\u0000"),
      fc.array(fc.oneof(fc.integer(), fc.string(), fc.constant([["x", "/etc/passwd"]]))),
    );
    const args = fc.dictionary(
      fc.constantFrom("table", "ids", "uids", "files", "conditions", "branch", "dryRun"),
      value,
    );
    const op = fc.constantFrom(
      ...["hello", "state", "select", "rows", "versions", "latest", "describe", "files"],
    );
    await fc.assert(
      fc.asyncProperty(op, fc.oneof(args, value), async (path, args) => {
        const { status, end, text } = await ask(url, path, { token: readToken, args });
        ok(status === 200 || status === 400, `${status}`);
        ok(end !== undefined, "every answer has an end");
        doesNotMatch(text, /lamin-test-labs|\/cli\/|at async/);
        ok(text.length < 100_000);
      }),
      { numRuns: rounds },
    );
  });
});

Deno.test("fuzz: what a pusher answers changes nothing unless it is right", async () => {
  await withServedLab(async ({ url, writeToken: token }) => {
    const order = {
      isChosen: false,
      resolution: null,
      data: "all",
      dryRun: false,
      withDeleted: false,
    };
    const hello = {
      protocol: 1,
      uid: "AAAAAAAAAAAA",
      slug: "x/y",
      id: "0".repeat(32),
      name: "y",
      modules: [],
      artifacts: 1,
      stamp: null,
    };
    const frame = (kind: "data" | "mark" | "end" | "query" | "alive", value: unknown) =>
      encodeFrame({
        kind,
        bytes: kind === "alive" ? new Uint8Array() : encoder.encode(JSON.stringify(value)),
      });
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.tuple(fc.constantFrom("data", "mark", "end", "query", "alive"), fc.jsonValue())
        .map(([kind, value]) => frame(kind as "data", value)),
      fc.constantFrom(
        frame("mark", { engine: "sqlite", managed: [], keepsNotes: true }),
        frame("mark", { table: "lamindb_artifact", what: "rows" }),
        frame("data", [1, "AAAAAAAAAAAAAAAA0000", "0".repeat(20)]),
        frame("data", [-1, "", ""]),
        frame("end", {}),
      ),
    );
    const script = fc.array(fc.array(any, { maxLength: 6 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(script, fc.boolean(), async (answers, isGreeted) => {
        let { end } = await ask(url, "push", { token, args: order });
        const bodies = answers.map((pieces) => new Uint8Array(pieces.flatMap((one) => [...one])));
        if (isGreeted) bodies.unshift(frame("end", hello));
        let piece = 0;
        for (const body of bodies) {
          if (end?.session === undefined) break;
          const asked = await ask(url, `push/${end.session}/${piece++}/last`, { token, body });
          end = asked.status === 200 ? { session: end.session, ...asked.end } : undefined;
          if (end?.error !== undefined) break;
        }
        if (end?.session === undefined || end.error !== undefined) return;
        // Left alone, it would hold its place until it is given up.
        await ask(url, `push/${end.session}/${piece}/last`, { token, body: new Uint8Array([9]) });
      }),
      { numRuns: rounds },
    );
  });
});

Deno.test(
  "fuzz: great bodies, and more connections than are taken, hold nothing",
  async () => {
    await withServedLab(async ({ url, port, readToken, memory }) => {
      const before = memory();
      const piece = new Uint8Array(1 << 20).fill(91);
      const head = (more: string) =>
        encoder.encode(
          `POST /lamin/v1/rows HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${readToken}\r\n${more}\r\n\r\n`,
        );
      const chunk = encoder.encode(`${piece.length.toString(16)}\r\n`);
      const end = encoder.encode("\r\n");
      function* chunked() {
        yield head("Transfer-Encoding: chunked");
        for (let count = 0; count < 200; count++) {
          yield chunk;
          yield piece;
          yield end;
        }
      }
      function* announced() {
        yield head("Content-Length: 300000000");
        for (let count = 0; count < 300; count++) yield piece;
      }
      for (const pieces of [chunked(), announced()]) {
        ok(/413|^$/.test((await sent(port, pieces)).slice(0, 20)));
      }
      const deep = await ask(url, "rows", { token: readToken, body: piece });
      equal(deep.status, 400);
      const idle: Deno.Conn[] = [];
      for (let count = 0; count < 100; count++) {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port });
        await connection.write(encoder.encode("POST /lamin/v1/hello HTTP/1.1\r\nHost:")).catch(() =>
          0
        );
        idle.push(connection);
      }
      for (const connection of idle) connection.close();
      ok(memory() - before < 150e6, `it holds ${memory() - before} bytes more`);
    });
  },
);
