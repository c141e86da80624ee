import assert from "node:assert/strict";
import { judge, type Standing } from "../../tools/bench/limit.ts";
import { parseOptions, UsageError } from "../../tools/bench/options.ts";
import { openMeter } from "../../tools/bench/meter.ts";
import { pollingMeter } from "../../tools/bench/polling_meter.ts";
import type { Report } from "../../tools/bench/report.ts";
import { findPostgres } from "../../tools/servers/postgres.ts";
import { findVersitygw } from "../../tools/servers/versitygw.ts";
import { absolute } from "../sources.ts";
import { test } from "../skip.ts";

const notHere = Deno.build.os === "windows" ? "the bench needs a Unix" : undefined;

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "lamin-test-" }));
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

test("bench: a tiny run measures, checks, writes figures and leaves nothing", notHere, async () => {
  await withFolder(async (folder) => {
    const environment = Deno.env.toObject();
    delete environment["LAMIN"];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", absolute("tools/bench.ts")].concat(
        ["--scale", "small", "--rounds", "2", "--only", "start/version", "query/newest"],
        ["--sources", "--json", `${folder}/figures.json`, "--work", `${folder}/bench`],
      ),
      clearEnv: true,
      env: environment,
    }).output();
    const said = new TextDecoder().decode(stdout);
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const report = JSON.parse(Deno.readTextFileSync(`${folder}/figures.json`)) as Report;
    assert.deepEqual(report.scenes.map(({ name }) => name), ["start/version", "query/newest"]);
    assert.ok(report.machine.cores > 0 && report.machine.memoryBytes > 0);
    assert.match(report.tools.find(({ name }) => name === "lamin")!.version!, /^\d+\.\d+\.\d+$/);
    for (const { name, title, rows, limits } of report.scenes) {
      assert.ok(said.includes(`${name}: ${title}`), said);
      const [lamin, ...others] = rows;
      assert.equal(lamin!.tool, "lamin");
      for (const { seconds, min, median, failure } of rows) {
        assert.equal(failure, undefined);
        assert.equal(seconds.length, 2);
        assert.ok(0 < min! && min! <= median!);
      }
      for (const { ratio, median } of others) assert.equal(ratio, lamin!.median! / median!);
      assert.deepEqual(limits.map(({ text }) => /^limit [\d.]+ ms: /.test(text)), [true]);
    }
    assert.deepEqual([...Deno.readDirSync(`${folder}/bench`)].map(({ name }) => name), ["data"]);
  });
});

/** Runs a few scenes once, from the sources. */
async function benchOf(folder: string, scenes: readonly string[]): Promise<Report> {
  const environment = Deno.env.toObject();
  delete environment["LAMIN"];
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", absolute("tools/bench.ts")].concat(
      ["--scale", "small", "--rounds", "1", "--only", ...scenes],
      ["--sources", "--json", `${folder}/figures.json`, "--work", `${folder}/bench`],
    ),
    clearEnv: true,
    env: environment,
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(Deno.readTextFileSync(`${folder}/figures.json`)) as Report;
}

test(
  "bench: clones and pushes are measured, and what they brought is looked at",
  notHere,
  async () => {
    await withFolder(async (folder) => {
      const { scenes } = await benchOf(folder, ["sync-clone", "sync-large", "sync-files"]);
      assert.deepEqual(scenes.map(({ name }) => name), [
        "sync-clone/rows",
        "sync-large/push",
        "sync-large/clone",
        "sync-files/push",
        "sync-files/nothing",
        "sync-files/clone",
        "sync-files/push-10",
      ]);
      for (const { name, rows } of scenes) {
        for (const { tool, failure } of rows) assert.equal(failure, undefined, `${name} ${tool}`);
        assert.ok(rows.some(({ tool, seconds }) => tool === "lamin" && seconds.length === 1), name);
      }
    });
  },
);

const noBuckets = notHere ?? (findVersitygw() === undefined ? "versitygw is not here" : undefined);

test(
  "bench: buckets are filled, read, registered, and what comes is counted",
  noBuckets,
  async () => {
    await withFolder(async (folder) => {
      const scenes = ["s3-files/put", "s3-files/again", "s3-files/get", "s3-register/folder"];
      const pushed = ["sync-s3/push", "sync-s3/nothing", "sync-s3/clone"];
      const report = await benchOf(folder, [...scenes, "s3-table", "sync-s3"]);
      assert.deepEqual(
        report.scenes.map(({ name, rows }) => [name, rows[0]!.tool, rows[0]!.failure]),
        [...scenes, "s3-table/head", "s3-table/cat", ...pushed].map((
          name,
        ) => [name, "lamin", undefined]),
      );
      const received = (name: string) =>
        report.scenes.find((scene) => scene.name === name)!.rows[0]!.receivedBytes!;
      const table = Deno.statSync(`${folder}/bench/data/cells-200000.parquet`).size;
      assert.ok(received("s3-table/cat") >= table, `${received("s3-table/cat")} of ${table}`);
      assert.ok(received("s3-table/head") < table, `${received("s3-table/head")} of ${table}`);
      assert.equal(report.tools.find(({ name }) => name === "versitygw")!.kind, "server");
    });
  },
);

const noPostgres = notHere ??
  (findPostgres() === undefined ? "no Postgres server here" : undefined);

test("bench: questions and registering go to a Postgres server, too", noPostgres, async () => {
  await withFolder(async (folder) => {
    const { scenes } = await benchOf(folder, ["postgres/label", "postgres-bulk"]);
    const found = scenes.map(({ name, rows }) => [name, rows[0]!.tool, rows[0]!.failure]);
    assert.deepEqual(found, [
      ["postgres/label", "lamin", undefined],
      ["postgres-bulk/register", "lamin", undefined],
    ]);
    assert.ok(scenes[1]!.perSecond! > 0);
  });
});

for (const [name, open] of [["best", openMeter], ["polling", pollingMeter]] as const) {
  test(`bench: the ${name} meter tells code, time, memory, output`, notHere, async () => {
    await withFolder(async (folder) => {
      const meter = await open();
      const surroundings = {
        folder,
        environment: { PATH: Deno.env.get("PATH")!, WORD: "said" },
        output: `${folder}/output`,
        errors: `${folder}/errors`,
        timeoutSeconds: 60,
      };
      const shell = (script: string) =>
        meter.measure({ program: "bash", args: ["-c", script] }, surroundings);
      try {
        const slept = await shell("sleep 0.2; echo $WORD; pwd; exit 7");
        assert.equal(slept.code, 7);
        assert.ok(slept.seconds >= 0.2, String(slept.seconds));
        assert.equal(Deno.readTextFileSync(`${folder}/output`), `said\n${folder}\n`);
        if (Deno.build.os === "linux") assert.ok(slept.peakBytes! > 500_000, `${slept.peakBytes}`);
        await assert.rejects(
          meter.measure({ program: "no-such-program", args: [] }, surroundings),
          /no-such-program/,
        );
        assert.equal((await shell("true")).code, 0, "it goes on after that");
      } finally {
        await meter.close();
      }
    });
  });
}

Deno.test("bench: limits are judged by the figures of the same run", () => {
  const standing: Standing = {
    seconds: 2,
    peakBytes: 100e6,
    receivedBytes: 5e6,
    count: 50_000,
    tools: new Map([
      ["git", { kind: "peer", seconds: 1 }],
      ["dvc", { kind: "peer", seconds: 9 }],
      ["cp", { kind: "floor", seconds: 0.5 }],
    ]),
    scenes: new Map([["files/add", 0.1]]),
  };
  const verdicts = [
    [judge({ kind: "time", seconds: 2 }, standing), "limit 2.00 s: 2.00 s", "met"],
    [judge({ kind: "time", seconds: 1.9 }, standing), "limit 1.90 s: 2.00 s", "missed"],
    [judge({ kind: "times", of: ["git"], factor: 3 }, standing), "limit 3 × git: 2.00 ×", "met"],
    [
      judge({ kind: "times", of: ["git", "cp"], factor: 1.3 }, standing),
      "limit 1.3 × (git + cp): 1.33 ×",
      "missed",
    ],
    [
      judge({ kind: "times", of: ["openssl"], factor: 1.2 }, standing),
      "limit 1.2 × openssl: that was not measured",
      "unknown",
    ],
    [
      judge({ kind: "ahead of peers" }, standing),
      "limit ahead of every peer: 2.00 × git, the fastest",
      "missed",
    ],
    [
      judge({ kind: "times scene", scene: "files/add", factor: 11 }, standing),
      "limit 11 × files/add: 20.0 ×",
      "missed",
    ],
    [
      judge({ kind: "rate", perSecond: 20_000 }, standing),
      "limit 20,000 a second: 25,000",
      "met",
    ],
    [judge({ kind: "memory", bytes: 150e6 }, standing), "limit 150 MB of memory: 100 MB", "met"],
    [judge({ kind: "received", bytes: 4e6 }, standing), "limit 4 MB received: 5 MB", "missed"],
    [
      judge({ kind: "times fastest", of: ["dvc", "git", "rclone"], factor: 2 }, standing),
      "limit 2 × the fastest of dvc, git, rclone: 2.00 × git",
      "met",
    ],
    [
      judge({ kind: "times fastest", of: ["rclone"], factor: 1.2 }, standing),
      "limit 1.2 × the fastest of rclone: none was measured",
      "unknown",
    ],
  ] as const;
  for (const [verdict, text, state] of verdicts) assert.deepEqual(verdict, { text, state });
});

Deno.test("bench: words that are off are named", () => {
  const parsed = parseOptions(["--only", "large", "files/add", "--rounds=5", "--peers"]);
  assert.deepEqual(
    [parsed.only, parsed.rounds, parsed.peers, parsed.installPeers, parsed.scale],
    [["large", "files/add"], 5, true, false, "normal"],
  );
  for (
    const [words, what] of [
      [["--fast"], /'--fast'/],
      [["--rounds", "0"], /'0'/],
      [["--scale", "huge"], /small, normal, large, not 'huge'/],
      [["--json"], /--json/],
      [["--work", "--peers"], /--work/],
    ] as const
  ) {
    assert.throws(
      () => parseOptions(words),
      (error) => error instanceof UsageError && what.test(error.message),
    );
  }
});
