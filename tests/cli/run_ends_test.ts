import assert from "node:assert/strict";
import { command } from "../lamin.ts";
import { test } from "../skip.ts";
import { onlySqlite } from "../test_database.ts";
import { edgesOf, type RunWorld, withRunWorld } from "./run_world.ts";

/** A command that says when it runs, and what it does when it is told to end. */
const patient = "trap 'echo tidied; exit 7' TERM INT HUP; echo begun; " +
  "while :; do sleep 0.02; done";

/** Starts `lamin run` and gives it when the command printed its first line. */
async function begin(world: RunWorld, ...words: readonly string[]) {
  const { program, args } = command();
  const child = new Deno.Command(program, {
    args: [...args, "run", ...words],
    cwd: world.root,
    clearEnv: true,
    env: world.environment,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const first = new TextDecoder().decode(value);
  const rest = async () => {
    let text = "";
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      text += new TextDecoder().decode(next.value);
    }
    return text;
  };
  return { child, first, rest };
}

Deno.test("run: a signal is passed on, and the run is aborted when the command gives in", async () => {
  await withRunWorld(async (world) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      const { child, first, rest } = await begin(world, "sh", "-c", patient);
      assert.equal(first, "begun\n");
      assert.equal(world.lastRun()["_status_code"], -1);
      child.kill(signal);
      assert.equal(await rest(), "tidied\n", signal);
      const { code, signal: endedBy } = await child.status;
      assert.deepEqual([code, endedBy], [7, null], signal);
      assert.equal(world.lastRun()["_status_code"], 2, signal);
    }
    assert.ok(!world.exists(".lamindb/runs"));
  });
});

Deno.test("run: a command that a signal did not stop is completed", async () => {
  await withRunWorld(async (world) => {
    const { child, rest } = await begin(
      world,
      ...[
        "sh",
        "-c",
        "trap 'echo heard > heard' TERM; echo begun; " +
        "until [ -e heard ]; do sleep 0.02; done; echo went on",
      ],
    );
    child.kill("SIGTERM");
    assert.equal(await rest(), "went on\n");
    assert.equal((await child.status).code, 0);
    assert.equal(world.lastRun()["_status_code"], 0);
  });
});

Deno.test("run: what is left of a lamin that was killed is settled by the next one", async () => {
  await withRunWorld(async (world) => {
    const { child, first } = await begin(
      world,
      ...["--out", "half", "--", "sh", "-c", "echo half > half; echo begun; exec sleep 600"],
    );
    assert.equal(first, "begun\n");
    const [{ uid }] = await world.json("list", "run");
    const [started] = await world.json("list", "run");
    assert.equal(started._status_code, -1);
    assert.ok(world.exists(`.lamindb/runs/${uid}`));
    child.kill("SIGKILL");
    await child.status;
    await killChildren(world);
    const listed = await world.json("list", "run");
    assert.deepEqual(listed.map((run) => [run.uid, run._status_code]), [[uid, 2]]);
    assert.ok(!world.exists(".lamindb/runs"));
    const run = world.lastRun();
    assert.deepEqual(edgesOf(world, run["id"]), { inputs: [], outputs: [], recreated: [] });
    const [report] = world.rows(
      `SELECT uid, description FROM lamindb_artifact WHERE id = ${run["report_id"]}`,
    );
    assert.equal(report!["description"], `log streams of run ${uid}`);
    assert.equal(await world.lamin("cat", String(report!["uid"])), "begun\n");
    assert.equal((await world.run(["fsck", "--deep"])).code, 0);
  });
});

/** Ends what a killed program left running in the work tree. */
async function killChildren({ root }: RunWorld): Promise<void> {
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const words = Deno.readTextFileSync(`/proc/${name}/cmdline`);
      const isOurs = Deno.readLinkSync(`/proc/${name}/cwd`) === root && words.startsWith("sleep");
      if (isOurs) Deno.kill(Number(name), "SIGKILL");
    } catch {
      // It ended.
    }
  }
  await Promise.resolve();
}

Deno.test("run: a run that goes on is settled by nobody, and shown as such", async () => {
  await withRunWorld(async (world) => {
    const { child, rest } = await begin(world, "sh", "-c", patient);
    await world.lamin("run", "-q", "true");
    const states = (await world.json("list", "run")).map((run) => run._status_code);
    assert.deepEqual(states.sort(), [-1, 0]);
    child.kill("SIGTERM");
    await rest();
    await child.status;
  });
});

test(
  "run: in an instance that is not to be written, nothing runs and nothing is noted",
  onlySqlite,
  async () => {
    await withRunWorld(async (world) => {
      world.write("a.txt", "1\n");
      await world.lamin("add", "a.txt");
      await world.lamin("run", "-q", "true");
      const { uid } = world.lastRun();
      const readOnly = { withoutPowers: true, environment: world.environment };
      const chmod = (mode: string) =>
        new Deno.Command("chmod", { args: ["-R", mode, world.root, world.home] }).outputSync();
      chmod("a-w,a+rX");
      try {
        const ran = await world.run(["run", "touch", "ran"], readOnly);
        assert.equal(ran.code, 12, ran.stderr);
        const read = await world.run(["cat", "a.txt"], {
          ...readOnly,
          environment: { ...world.environment, LAMIN_RUN_UID: String(uid) },
        });
        assert.deepEqual([read.code, read.stdout], [0, "1\n"], read.stderr);
        assert.match(read.stderr, /not noted as an input of run \w+: the instance is read-only/);
      } finally {
        chmod("u+w");
      }
      assert.ok(!world.exists("ran"));
    });
  },
);

Deno.test("run: a run that this instance does not have is told of, and what is read is read", async () => {
  await withRunWorld(async (world) => {
    world.write("a.txt", "1\n");
    await world.lamin("add", "a.txt");
    const { code, stdout, stderr } = await world.say(["cat", "a.txt"], {
      LAMIN_RUN_UID: "unknownunknown00",
    });
    assert.deepEqual([code, stdout], [0, "1\n"]);
    assert.match(stderr, /this instance has no run unknownunknown00/);
  });
});
