/** The real program on disks whose locks, memory, links, modes and flushes fail or pretend. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import {
  command,
  denoFolder,
  type Run,
  type RunOptions,
  withWorkspace,
  type Workspace,
} from "../lamin.ts";
import { cannotBeDenied } from "../powers.ts";
import { random, seeded } from "../seed.ts";
import {
  type Faults,
  NetworkDisk,
  noLocksLeft,
  noShim,
  notSupported,
} from "../shims/network_disk.ts";
import { test } from "../skip.ts";
import { rounds } from "../soak.ts";
import { onlySqlite } from "../test_database.ts";

const worst: Faults = { LOCKS: noLocksLeft, MAPS: 1, LINKS: 1, MODES: 1, FLUSHES: 1 };
const pretending: Faults = { LOCKS: 0, MOUNT: "nfs rw,vers=3,nolock,local_lock=all" };

interface Far extends Pick<Workspace, "root" | "write" | "read" | "path"> {
  readonly disk: NetworkDisk;
  run(words: readonly string[], options?: RunOptions): Promise<Run>;
  /** Throws unless the program ends with 0. */
  lamin(...words: readonly string[]): Promise<string>;
  /** The program without any faults. */
  near(...words: readonly string[]): Promise<string>;
}

async function withFar(faults: Faults, work: (far: Far) => Promise<void>): Promise<void> {
  await withWorkspace(async (workspace) => {
    const disk = new NetworkDisk(workspace);
    const environment = disk.environment(faults);
    const run: Far["run"] = (words, options = {}) =>
      workspace.run(words, { ...options, environment });
    await work({
      ...workspace,
      disk,
      run,
      near: workspace.lamin,
      lamin: async (...words) => {
        const { code, stdout, stderr } = await run(words);
        assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
        assert.equal(stderr, "", words.join(" "));
        return stdout;
      },
    });
  });
}

/** Files of one type of mount can only be pretended to a program that opens them through libc. */
function noMounts(): string | undefined {
  const missing = onlySqlite ?? noShim();
  if (missing !== undefined || Deno.env.get("LAMIN_TEST_BINARY") === undefined) return missing;
  return "the executable opens files past libc, so that no mount can be pretended";
}

test(
  "network disk: every verb works where nothing is to be had",
  onlySqlite ?? noShim(),
  async () => {
    await withFar(worst, async ({ lamin, write, read, disk, root }) => {
      await lamin("init");
      write("a.csv", "x\n1\n");
      write("c.zarr/0.0", "chunk");
      write("c.zarr/.zarray", "{}");
      await lamin("add", ".");
      assert.match(await lamin("status"), /Nothing changed, 2 artifacts/);
      write("c.zarr/0.1", "another");
      write("a.csv", "x\n2\n");
      assert.match(await lamin("diff", "a.csv"), /2/);
      await lamin("add", ".", "--description", "second");
      await lamin("mv", "a.csv", "b.csv");
      await lamin("rm", "b.csv", "--force");
      await lamin("restore", "b.csv");
      await lamin("undo");
      await lamin("undo");
      await lamin("gc", "--apply");
      await lamin("get", "b.csv@0", "--to", "old.csv");
      assert.equal(read("old.csv"), "x\n1\n");
      assert.equal(await lamin("cat", "b.csv@1"), "x\n2\n");
      for (const word of ["log", "list artifact", "show b.csv", "lineage b.csv", "op log"]) {
        await lamin(...word.split(" "));
      }
      assert.match(await lamin("info"), /journal delete/);
      assert.match(await lamin("fsck", "--deep"), /no damage/);
      assert.equal(disk.refused().replace("o", ""), "cfln", "all of it was refused");
      assert.deepEqual(
        [...Deno.readDirSync(`${root}/.lamindb/lamin.db-locks`)],
        [],
        "nobody holds it",
      );
    });
  },
);

test(
  "network disk: locks that no file system has, and memory alone missing",
  onlySqlite ?? noShim(),
  async () => {
    for (const [faults, letters] of [[{ LOCKS: notSupported }, "l"], [{ MAPS: 1 }, "m"]] as const) {
      await withFar(faults as Faults, async ({ lamin, write, disk }) => {
        await lamin("init");
        write("a.csv", "x\n");
        await lamin("add", "a.csv");
        assert.match(await lamin("info"), /journal delete/);
        assert.match(await lamin("fsck"), /no damage/);
        assert.equal(disk.refused(), letters);
      });
    }
  },
);

test(
  "network disk: the type of the mount tells that locks end at this machine",
  noMounts(),
  async () => {
    await withFar(pretending, async ({ lamin, near, write, disk, root }) => {
      await lamin("init");
      write("a.csv", "x\n");
      await lamin("add", "a.csv");
      assert.match(await lamin("info"), /journal delete/);
      assert.match(disk.refused(), /o/);
      // The folder is the agreement: the server itself, whose disk is local, takes the lock as
      // well.
      const held = `${root}/.lamindb/lamin.db-locks/held`;
      Deno.mkdirSync(held);
      Deno.writeTextFileSync(`${held}/x`, '{"host":"node17"}\n');
      setTimeout(() => Deno.removeSync(held, { recursive: true }), 1000);
      const beganMs = Date.now();
      await near("log");
      assert.ok(Date.now() - beganMs >= 900, "it waits until the lock is let go");
    });
  },
);

test(
  "network disk: a log is left for a journal with all that it holds",
  onlySqlite ?? noShim(),
  async () => {
    await withFar(worst, async ({ lamin, near, write, root }) => {
      write("a.csv", "x\n");
      await near("init");
      // A reader keeps the log from being written back when the program ends.
      const reader = new DatabaseSync(`${root}/.lamindb/lamin.db`);
      reader.prepare("SELECT count(*) FROM lamindb_artifact").get();
      await near("add", "a.csv");
      const [database, log] = ["", "-wal"].map((end) =>
        Deno.readFileSync(`${root}/.lamindb/lamin.db${end}`)
      );
      reader.close();
      Deno.writeFileSync(`${root}/.lamindb/lamin.db`, database!);
      Deno.writeFileSync(`${root}/.lamindb/lamin.db-wal`, log!);
      assert.ok(log!.length > 0);
      assert.match(await lamin("log"), /a\.csv/, "also by a verb that only reads");
      assert.match(await lamin("fsck"), /no damage/);
      assert.match(await near("info"), /journal delete/);
      assert.match(await near("status"), /Nothing changed, 1 artifact/);
    });
  },
);

for (
  const [name, faults, missing] of [
    ["locks fail", worst, onlySqlite ?? noShim()],
    ["locks pretend", pretending, noMounts()],
  ] as const
) {
  test(`network disk: ${name}: of 8 processes at once nothing is lost`, missing, async () => {
    await withFar(faults, async ({ lamin, run, write }) => {
      await lamin("init");
      const numbers = [...Array(8).keys()];
      for (const number of numbers) {
        for (const name of [`${number}/own.csv`, `${number}/shared.csv`]) {
          write(name, name.endsWith("own.csv") ? name : "the same");
        }
      }
      for (let round = 0; round < rounds(1, 10); round++) {
        for (const number of numbers) write(`${number}/own.csv`, `${number} ${round}`);
        const runs = await Promise.all(numbers.map((number) => run(["add", `${number}`])));
        for (const { code, stderr } of runs) assert.equal(code, 0, stderr);
        const status = await lamin("status");
        assert.match(status, /Nothing changed, 16 artifacts/);
      }
      assert.match(await lamin("fsck", "--deep"), /no damage/);
    });
  });
}

test(
  "network disk: killed at any moment, the next command works",
  onlySqlite ?? noShim(),
  async () => {
    await seeded(async (seed) => {
      const next = random(seed);
      await withFar(worst, async ({ lamin, run, write, read, disk, root }) => {
        await lamin("init");
        for (let round = 0; round < rounds(3, 60); round++) {
          write("a.csv", `x\n${round}\n`);
          const child = childOf(["add", "a.csv"], root, disk.environment(worst));
          const timer = setTimeout(() => killed(child), 100 + next() * 200);
          const { code } = await child.output();
          clearTimeout(timer);
          const { stdout, stderr } = await run(["status", "-s", "--exit-code"]);
          assert.ok(code !== 0 || stdout === "", `round ${round}: ${stdout}${stderr}`);
          assert.match(await lamin("fsck", "--deep"), /no damage/);
          await lamin("add", "a.csv");
          assert.equal(await lamin("cat", "a.csv"), read("a.csv"));
        }
      });
    });
  },
);

function childOf(words: readonly string[], folder: string, environment: Record<string, string>) {
  const { program, args } = command();
  return new Deno.Command(program, {
    args: [...args, ...words],
    cwd: folder,
    env: { ...environment, HOME: `${folder}/../home`, DENO_DIR: denoFolder() },
    stdout: "null",
    stderr: "null",
  }).spawn();
}

function killed(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended.
  }
}

const cannotBeRefused = onlySqlite ?? noShim() ?? cannotBeDenied();

test(
  "network disk: who may not write reads, and is told when there is no way",
  cannotBeRefused,
  async () => {
    await withFar(worst, async ({ lamin, run, write, root }) => {
      await lamin("init");
      write("a.csv", "x\n");
      await lamin("add", "a.csv");
      const journal = `${root}/.lamindb/lamin.db-journal`;
      const chmod = (mode: string) =>
        new Deno.Command("chmod", { args: ["-R", mode, root] }).output();
      await chmod("a-w");
      try {
        for (const words of [["log"], ["status"], ["cat", "a.csv"], ["info"], ["fsck"]]) {
          const { code, stderr } = await run(words, { withoutPowers: true });
          assert.deepEqual([code, stderr], [0, ""], words.join(" "));
        }
        const refused = await run(["rm", "a.csv", "--force"], { withoutPowers: true });
        assert.equal(refused.code, 12, refused.stderr);
        // What a crash or a writer under way leaves.
        Deno.chmodSync(`${root}/.lamindb`, 0o755);
        Deno.writeTextFileSync(journal, "half");
        Deno.chmodSync(`${root}/.lamindb`, 0o555);
        const { code, stderr } = await run(["log"], { withoutPowers: true });
        assert.equal(code, 12, stderr);
        assert.match(stderr, /has changes beside it that are not yet in it/);
      } finally {
        await chmod("u+w");
      }
      assert.match(await lamin("log"), /a\.csv/);
    });
  },
);
