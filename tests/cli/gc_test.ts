import assert from "node:assert/strict";
import { filesBelow } from "../days.ts";
import { withInstance, withPythonInstance, type Workspace } from "../lamin.ts";
import { test } from "../skip.ts";
import { gcLooksHere, onlyLocal } from "../test_database.ts";

const databaseOf = ({ root }: Workspace) => Deno.readFileSync(`${root}/.lamindb/lamin.db`);

Deno.test("gc: on an instance of Python there is nothing to delete, and nothing is changed", async () => {
  await withPythonInstance("lamindb-2.12.1", async (workspace) => {
    const before = databaseOf(workspace);
    for (const words of [["gc"], ["gc", "--grace", "0"], ["gc", "--apply", "--grace", "0"]]) {
      const { code, stdout } = await workspace.run(words);
      assert.equal(code, 0);
      assert.match(stdout, /^(there is nothing to delete|nothing was deleted)\n$/);
    }
    assert.deepEqual(await workspace.json("gc", "--grace", "0"), []);
    assert.deepEqual(databaseOf(workspace), before);
  });
});

Deno.test("gc: an instance of an older version is looked at, and not changed", async () => {
  await withPythonInstance("lamindb-1.1.0", async ({ run }) => {
    assert.equal((await run(["gc"])).code, 0);
    assert.equal((await run(["gc", "--apply"])).code, 14);
  });
});

test("gc: plan, hint, deletion and words that are off", gcLooksHere, async () => {
  await withInstance(async (workspace) => {
    const { run, write, lamin } = workspace;
    write("a\u001b[31m.csv", "");
    write("b.csv", "x".repeat(2048));
    await lamin("add", "b.csv");
    await lamin("rm", "--permanent", "--force", "b.csv");
    const young = await run(["gc"]);
    assert.equal(
      young.stdout,
      [
        "there is nothing to delete",
        "kept: 1 object (2.0 KB), younger than the grace period",
        "",
      ].join("\n"),
    );
    const plan = await run(["gc", "--grace", "0"]);
    assert.match(plan.stdout, /^ {5}2\.0 KB {2}b\.csv \(\w{20}\) {2}\.lamindb\/objects\/../);
    assert.match(plan.stdout, /\nto delete: 1 object that no artifact has \(2\.0 KB\)\n$/);
    assert.match(plan.stderr, /nothing was deleted: 'lamin gc --apply' does it/);
    assert.equal((await run(["gc", "--grace", "0", "--quiet"])).stderr, "");
    const done = await run(["gc", "--grace", "0", "--apply"]);
    assert.match(done.stdout, /\ndeleted: 1 object that no artifact has \(2\.0 KB\)\n$/);
    for (const grace of ["", "x", "-1d", "14", "14 days", "1e9d"]) {
      const { code, stderr } = await run(["gc", "--grace", grace]);
      assert.equal(code, 2, grace);
      assert.match(stderr, /is no length of time/);
    }
  });
});

const notTold = Deno.build.os === "linux" ? undefined : "the system does not tell which run";

test("gc: what a killed addition left is found and deleted", notTold ?? onlyLocal, async () => {
  await withInstance(async (workspace) => {
    const { root, home, json, run } = workspace;
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--no-check", "--quiet"],
        ...[new URL("../../cli/main.ts", import.meta.url).pathname],
        ...["add", "-", "--key", "piped.bin"],
      ],
      cwd: root,
      env: { HOME: home, DENO_DIR: denoFolder() },
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new Uint8Array(100_000));
    for (let waited = 0; stagedBytes(workspace) < 100_000; waited++) {
      assert.ok(waited < 500, "it stages what it gets");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(await json("gc", "--grace", "0", "--apply"), [], "while it runs");
    child.kill("SIGKILL");
    await writer.abort().catch(() => {});
    await child.status;
    assert.equal((await json("fsck"))[0].kind, "unfinished addition");
    const [left] = await json("gc", "--apply");
    assert.deepEqual([left.kind, left.status, left.size], ["unfinished addition", "deleted", 1e5]);
    assert.deepEqual(filesBelow(workspace, ".lamindb/objects"), []);
    assert.equal((await run(["fsck", "--deep"])).stdout, "0 artifacts read, no damage\n");
  });
});

function denoFolder(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}

function stagedBytes(workspace: Workspace): number {
  return filesBelow(workspace, ".lamindb/objects/staging")
    .map((name) => Deno.statSync(workspace.path(`.lamindb/objects/staging/${name}`)).size)
    .reduce((sum, size) => sum + size, 0);
}

Deno.test("gc: additions and collections at the same time lose nothing", async () => {
  await withInstance(async (workspace) => {
    const { run, write, lamin } = workspace;
    const names = Array.from({ length: 12 }, (_, index) => `data/${index}.csv`);
    for (const name of names) write(name, `content of ${name}`);
    write("data/f.zarr/0/0", "chunk");
    write("data/f.zarr/0/1", "chunk two");
    // Everything is garbage at first, so that additions find objects that are about to go.
    const everything = ["data/f.zarr", ...names];
    const forget = () => lamin("rm", "--permanent", "--force", ...everything);
    await lamin("add", "data");
    await forget();
    let ended = false;
    const collecting = (async () => {
      while (!ended) {
        const { code, stderr } = await run(["gc", "--apply", "--grace", "0"]);
        assert.equal(code, 0, stderr);
      }
    })();
    try {
      for (let round = 0; round < 3; round++) {
        if (round > 0) await forget();
        await Promise.all([
          addUntilDone(workspace, everything.slice(0, 7)),
          addUntilDone(workspace, everything.slice(7)),
        ]);
        const checked = await run(["fsck", "--deep"]);
        assert.equal(checked.code, 0, checked.stdout);
      }
    } finally {
      ended = true;
      await collecting;
    }
    assert.equal((await run(["fsck", "--deep"])).stdout, "13 artifacts read, no damage\n");
  });
});

/** An addition whose bytes were just collected says so and changes nothing: it is run again. */
async function addUntilDone({ run }: Workspace, paths: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const { code, stderr } = await run(["add", ...paths]);
    if (code === 0) return;
    assert.match(stderr, /just collected/);
  }
  assert.fail("it never came through");
}
