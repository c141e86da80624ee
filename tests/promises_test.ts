/** The promises of README, each kept by the real program on a real instance. */
import assert from "node:assert/strict";
import { command, denoFolder, withInstance, type Workspace } from "./lamin.ts";
import { test } from "./skip.ts";
import { gcLooksHere, ownPlaces, storageOf, testEnvironment } from "./test_database.ts";

const pieces = ["a.csv", "b.csv", "sub/c.txt", "d.zarr/.zgroup", "d.zarr/0"];

function fill({ write }: Workspace): void {
  for (const path of pieces) write(path, `${path} has this\n`);
}

/** What a user could notice of a file: content, permissions, times, identity. */
function witness({ path, read }: Workspace, file: string): string {
  const stat = Deno.lstatSync(path(file));
  assert.ok(stat.isFile, `${file} is a real file`);
  return JSON.stringify([read(file), stat.mode, stat.mtime, stat.ino, stat.nlink]);
}

Deno.test("promise 1: original files are never modified, and stay real files", async () => {
  await withInstance(async (workspace) => {
    fill(workspace);
    const before = pieces.map((file) => witness(workspace, file));
    const { lamin, write } = workspace;
    await lamin("add", ".");
    write("other.csv", "x\n");
    await lamin("add", "other.csv");
    await lamin("status");
    await lamin("get", "a.csv", "d.zarr");
    await lamin("rm", "b.csv");
    await lamin("restore", "b.csv");
    await lamin("rm", "-r", "sub");
    await lamin("undo");
    await lamin("gc", "--grace", "0", "--apply");
    await lamin("fsck", "--deep", "--repair");
    assert.deepEqual(pieces.map((file) => witness(workspace, file)), before);
  });
});

Deno.test("promise 2: a command that is killed leaves the old state or the new one", async () => {
  await withInstance(async (workspace) => {
    const { run, json, write, lamin } = workspace;
    let killed = 0;
    for (let round = 0; round < 12; round++) {
      for (let file = 0; file < 30; file++) write(`r/f${file}.txt`, `${round} ${file}\n`);
      const { program, args } = command();
      const child = new Deno.Command(program, {
        args: [...args, "add", "r"],
        cwd: workspace.root,
        env: {
          HOME: workspace.home,
          DENO_DIR: denoFolder(),
          ...testEnvironment,
        },
        stdout: "null",
        stderr: "null",
      }).spawn();
      // From the start of the runtime to after the commit; which moment it hits is up to the
      // machine.
      const timer = setTimeout(() => tryKill(child), 20 + round * 12);
      killed += (await child.status).signal === null ? 0 : 1;
      clearTimeout(timer);
      const rows = await json("list", "artifact", "key__startswith=r/", "--limit", "0");
      const states = new Set(
        await Promise.all(
          rows.map(async (row) => (await run(["cat", row.uid])).stdout.split(" ")[0]),
        ),
      );
      assert.ok(states.size <= 1, `files of several rounds: ${[...states]}`);
      assert.ok(rows.length === 0 || rows.length === 30, `${rows.length} of 30 artifacts`);
      assert.equal((await run(["fsck", "--deep"])).code, 0);
    }
    assert.ok(killed > 0, "no round was killed: the machine is too fast for the delays");
    await lamin("add", "r");
    assert.equal((await json("status")).length, 0);
  });
});

function tryKill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It had ended already.
  }
}

Deno.test("promise 3: wrong bytes are never returned as right", async () => {
  await withInstance(async ({ run, json, write, path, root }) => {
    write("a.csv", "right\n");
    const [row] = await json("add", "a.csv");
    const object = `${storageOf(root)}/${row._real_key}`;
    Deno.chmodSync(object, 0o644);
    Deno.writeTextFileSync(object, "wrong\n");
    Deno.removeSync(path("a.csv"));
    const printed = await run(["cat", "a.csv"]);
    assert.deepEqual([printed.code, printed.stdout], [13, ""]);
    assert.equal((await run(["get", "a.csv"])).code, 13);
    assert.throws(() => Deno.lstatSync(path("a.csv")), "nothing was written");
    assert.equal((await run(["fsck"])).code, 0, "the size is right");
    assert.equal((await run(["fsck", "--deep"])).code, 13);
  });
});

test("promise 4: nothing is deleted without a plan that was shown", gcLooksHere, async () => {
  await withInstance(async ({ run, json, lamin, write, root }) => {
    write("a.csv", "1\n");
    const [row] = await json("add", "a.csv");
    const object = () => Deno.statSync(`${storageOf(root)}/${row._real_key}`).isFile;
    await lamin("rm", "a.csv");
    await lamin("gc", "--grace", "0", "--apply");
    assert.ok(object(), "the trash keeps its bytes");
    assert.notEqual((await run(["rm", row.uid, "--permanent"])).code, 0, "asked nobody");
    await lamin("rm", row.uid, "--permanent", "--force");
    assert.ok(object(), "rows go, bytes wait for gc");
    assert.match(await lamin("gc", "--grace", "0"), /a\.csv/);
    assert.ok(object(), "a plan deletes nothing");
    await lamin("gc", "--apply");
    assert.ok(object(), "nor does --apply within the grace period");
    await lamin("gc", "--grace", "0", "--apply");
    assert.throws(object);
  });
});

test("promise 6: everything local works without network", ownPlaces, async () => {
  await withInstance(async (workspace) => {
    fill(workspace);
    const { program, args } = command();
    // A binary loads nothing before itself. With `--deny-net` SQLite's URIs are names of files.
    if (args.length === 0) return;
    const shim = new URL("./shims/no_network.ts", import.meta.url).pathname;
    const denied = [...args.slice(0, 1), `--preload=${shim}`, ...args.slice(1)];
    for (
      const words of [
        ["add", "."],
        ["status"],
        ["log"],
        ["list", "artifact"],
        ["show", "a.csv"],
        ["diff", "a.csv", "b.csv", "--each"],
        ["cat", "a.csv"],
        ["get", "a.csv"],
        ["fsck", "--deep"],
        ["gc"],
        ["info"],
        ["connect", "."],
      ]
    ) {
      const child = await new Deno.Command(program, {
        args: [...denied, ...words],
        cwd: workspace.root,
        env: {
          HOME: workspace.home,
          DENO_DIR: denoFolder(),
        },
      }).output();
      assert.equal(child.code, 0, `${words.join(" ")}: ${new TextDecoder().decode(child.stderr)}`);
    }
  });
});
