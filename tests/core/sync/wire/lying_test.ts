/** Servers that lie, stop, or never end: the target stays as it was, in bounded time. */

import { deepEqual, equal, match, rejects } from "node:assert/strict";
import type { Frames } from "../../../../core/sync/wire/channel.ts";
import { say } from "../../../cli/in_process.ts";
import { digestsOf } from "../digests.ts";
import { type Lab, withLabs } from "../two_labs.ts";
import { changing, editing, type Lie, pullFrom, withLies } from "./lying_server.ts";

/** Two labs, the first of which has two files that are served with lies. */
async function withTold(
  lie: Lie,
  work: (url: string, to: Lab, from: Lab) => Promise<void>,
): Promise<void> {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    for (const lab of [alpha!, beta!]) await lab.lamin("init");
    alpha!.write("small.txt", "small");
    alpha!.write("large.txt", "large".repeat(500_000));
    await alpha!.lamin("add", "small.txt", "large.txt");
    await withLies(alpha!, lie, (url) => work(url, beta!, alpha!));
  });
}

/** That a lie is noticed and changes nothing. */
function refuses(name: string, lie: Lie, message: RegExp): void {
  Deno.test(`lies: ${name}`, async () => {
    await withTold(lie, async (url, beta) => {
      const before = await digestsOf(beta);
      await rejects(pullFrom(url, beta), message);
      deepEqual(await digestsOf(beta), before);
      equal((await beta.json("op")).length, 0);
    });
  });
}

/** Lies about one thing that is asked. */
function about(which: string, lie: (frames: Frames, count: number) => Frames): Lie {
  return (op, frames, count) => op === which ? lie(frames, count) : frames;
}

Deno.test("lies: without one, everything comes", async () => {
  await withTold((_, frames) => frames, async (url, beta, alpha) => {
    const { moved } = await pullFrom(url, beta, { data: "all" });
    deepEqual([moved.objects, moved.lacking.length], [2, 0]);
    deepEqual(await digestsOf(beta), await digestsOf(alpha));
  });
});

const edited = (edit: (text: string) => string) => about("rows", (frames) => editing(frames, edit));

refuses(
  "a row that says something else",
  edited((text) => text.replace("small.txt", "evil.txt")),
  /changed just now/,
);
refuses(
  "a row without a column",
  edited((text) => text.replace('"suffix"', '"other"')),
  /does not speak/,
);
refuses(
  "a row of another type",
  edited((text) => text.replace('"id":1', '"id":"1"')),
  /does not speak/,
);
refuses("JSON that is none", edited((text) => text.replace("{", "{{")), /does not speak/);
refuses(
  "JSON without end in depth",
  edited((text) => `${"[".repeat(10_000)}\n${text}`),
  /does not speak/,
);
refuses("rows that nobody asked for", edited((text) => text + text), /does not speak/);
refuses("rows that do not come", edited(() => ""), /changed just now/);
refuses(
  "a state of no engine",
  about(
    "state",
    (frames) =>
      changing(
        frames,
        (frame, index) =>
          index === 0 ? { kind: "mark", bytes: new TextEncoder().encode("{}") } : frame,
      ),
  ),
  /does not speak/,
);
refuses(
  "a state that is cut off",
  about("state", async function* (frames) {
    for (let index = 0; index < 5; index++) yield (await frames.next()).value as never;
    throw new Error("the server dies");
  }),
  /went wrong at the other side/,
);
refuses(
  "identities that cannot be",
  about("state", (frames) => editing(frames, (text) => text.replaceAll('"', '"\\u0000'))),
  /does not speak/,
);
refuses(
  "an instance that is none",
  // deno-lint-ignore require-yield
  about("hello", async function* () {
    return {
      protocol: 1,
      uid: "../../etc",
      slug: "a/b",
      id: "",
      name: "",
      modules: [],
      artifacts: 0,
    };
  }),
  /does not speak/,
);
refuses(
  "another version",
  // deno-lint-ignore require-yield
  about("hello", async function* () {
    return { protocol: 2 };
  }),
  /another version/,
);

Deno.test(
  "lies: other bytes are not taken, and what is right comes all the same",
  async () => {
    const lies: readonly ((text: string) => string)[] = [
      (text) => text.replace("small", "smell"),
      (text) => text.replace("small", "smal"),
      (text) => text.replace("small", "smaller"),
    ];
    for (const edit of lies) {
      await withTold(about("files", (frames) => editing(frames, edit)), async (url, beta) => {
        const { moved: { objects, lacking } } = await pullFrom(url, beta, { data: "all" });
        deepEqual([objects, lacking.map(({ why }) => why.code)], [1, ["damaged"]]);
        match(await beta.lamin("fsck", "--deep"), /not fetched/);
      });
    }
    await withTold(
      about(
        "files",
        (frames) => editing(frames, (text) => text.replace("largelarge", "largesmall")),
      ),
      async (url, beta) => {
        const { moved: { objects, lacking } } = await pullFrom(url, beta, { data: "all" });
        deepEqual([objects, lacking.map(({ why }) => why.code)], [1, ["damaged"]]);
      },
    );
  },
);

Deno.test(
  "lies: a change at the server in between is noticed, and all is done anew",
  async () => {
    const lie = about(
      "rows",
      (frames, count) =>
        count < 3 ? editing(frames, (text) => text.replace("small.txt", "other.txt")) : frames,
    );
    await withLabs(["alpha", "beta"], async (alpha, beta) => {
      for (const lab of [alpha!, beta!]) {
        await lab.lamin("init");
      }
      alpha!.write("small.txt", "small");
      await alpha!.lamin("add", "small.txt");
      let asked = 0;
      const once: Lie = (op, frames, count) => {
        if (op === "state") asked = count + 1;
        return asked < 2 ? lie(op, frames, count) : frames;
      };
      await withLies(alpha!, once, async (url) => {
        await pullFrom(url, beta!);
        equal(asked, 2);
        deepEqual(await digestsOf(beta!), await digestsOf(alpha!));
      });
    });
  },
);

Deno.test("lies: what never ends, or hardly moves, is cut off", async () => {
  const patience = { silenceMs: 300, slowest: 1_000_000, workMs: 300 };
  const never = new Promise<never>(() => {});
  const courses: Record<string, Lie> = {
    "nothing comes": about("hello", async function* (frames) {
      yield (await never) as never;
      return yield* frames;
    }),
    "signs of life without end": about("state", async function* (frames) {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        yield { kind: "alive", bytes: new Uint8Array() };
        if (performance.now() < 0) return yield* frames;
      }
    }),
    "a byte now and then": about("state", async function* (frames) {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        yield { kind: "mark", bytes: new TextEncoder().encode('{"engine":"sqlite","managed":[]}') };
        if (performance.now() < 0) return yield* frames;
      }
    }),
  };
  for (const [name, lie] of Object.entries(courses)) {
    await withTold(lie, async (url, beta) => {
      await rejects(pullFrom(url, beta, { patience }), /does not (go on|speak|answer)/, name);
    });
  }
});

Deno.test(
  "lies: what a server says is escaped, and no token follows where it leads",
  async () => {
    await withLabs(["beta"], async (beta) => {
      const asked: (string | null)[] = [];
      const other = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => {} },
        (request) => {
          asked.push(request.headers.get("authorization"));
          return new Response("{}");
        },
      );
      const escape = "\u001b[2J\u001b]0;x\u0007";
      const answers = [
        () =>
          new Response(null, {
            status: 302,
            headers: { location: `http://127.0.0.1:${other.addr.port}/` },
          }),
        () =>
          Response.json({ error: { code: "conflict", message: `so ${escape}` } }, { status: 400 }),
        () => new Response("<html>", { status: 200 }),
        () => new Response("x".repeat(1_000_000), { status: 400 }),
      ];
      const server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => {} },
        () => answers.shift()!(),
      );
      try {
        const place = {
          folder: beta!.root,
          home: beta!.home,
          environment: { LAMIN_TOKEN: "lamin_x" },
        };
        const url = `http://127.0.0.1:${server.addr.port}`;
        for (const expected of [/leads elsewhere/, /✗ so \\/, /does not speak/, /does not speak/]) {
          const said = await say(place, "clone", url, "atlas");
          match(said.stderr, expected);
          equal(said.stderr.includes("\u001b"), false);
          equal(said.stderr.includes("lamin_x"), false);
        }
        deepEqual(asked, []);
        const plain = await say(place, "clone", "http://192.0.2.1/atlas", "atlas");
        deepEqual([plain.code, /would be readable/.test(plain.stderr)], [12, true]);
      } finally {
        await server.shutdown();
        await other.shutdown();
      }
    });
  },
);
