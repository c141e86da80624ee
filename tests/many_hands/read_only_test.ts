/** What somebody can do who may look at an instance and not change it. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "../skip.ts";
import { onlyOneHand, treeOf, withWorld, type World } from "./world.ts";

const umask = "022";

const reading = [
  "status",
  "log",
  "list artifact",
  "show a.csv",
  "cat a.csv",
  "diff a.csv",
  "info",
  "op log",
  "lineage a.csv",
  "fsck --deep",
  "gc",
  "add b.csv --dry-run",
];
const writing = ["add b.csv", "rm a.csv", "mv a.csv c.csv", "undo", "gc --apply", "restore a.csv"];

/** Ada's instance, which everybody may read. */
async function adasInstance({ folder, lamin, write }: World): Promise<string> {
  const own = folder("own", 0o755, { alone: true });
  await lamin("ada", own, ["init"], { umask });
  write("ada", `${own}/a.csv`, "x\n1\n");
  await lamin("ada", own, ["add", "a.csv"], { umask });
  write("ada", `${own}/b.csv`, "x\n2\n");
  return own;
}

async function requireReadable(
  { run }: World,
  own: string,
  lines = reading,
  before: readonly string[] = [],
): Promise<void> {
  await Promise.all(lines.map(async (line) => {
    const { code, stderr } = await run("ben", own, line.split(" "), { umask, before });
    assert.equal(code, 0, `${line}: ${stderr}`);
    assert.equal(stderr, "", line);
  }));
}

async function requireRefused(
  { run }: World,
  own: string,
  lines = writing,
  before: readonly string[] = [],
): Promise<void> {
  const stored = treeOf(own);
  await Promise.all(lines.map(async (line) => {
    const { code, stdout, stderr } = await run("ben", own, line.split(" "), { umask, before });
    assert.equal(code, 12, `${line}: ${stderr}`);
    assert.equal(stdout, "", line);
    assert.match(stderr, /you may not|cannot be written by you|read-only/, `${line}: ${stderr}`);
    assert.ok(stderr.trim().split("\n").length <= 2, stderr);
  }));
  assert.deepEqual(treeOf(own), stored, "nothing was changed");
}

test("many hands: another's instance can be read, and not written", onlyOneHand(), async () => {
  await withWorld(async (world) => {
    const own = await adasInstance(world);
    await requireReadable(world, own);
    await requireRefused(world, own);
  });
});

test("many hands: another's instance with a rollback journal, too", onlyOneHand(), async () => {
  await withWorld(async (world) => {
    const own = await adasInstance(world);
    const database = new DatabaseSync(`${own}/.lamindb/lamin.db`);
    database.exec("PRAGMA journal_mode = DELETE");
    database.close();
    await requireReadable(world, own, ["log", "status"]);
    await requireRefused(world, own, ["add b.csv", "rm a.csv"]);
  });
});

test(
  "many hands: another's instance while it is written, and after a crash",
  onlyOneHand(),
  async () => {
    await withWorld(async (world) => {
      const own = await adasInstance(world);
      const path = `${own}/.lamindb/lamin.db`;
      const writer = new DatabaseSync(path);
      writer.exec("UPDATE lamindb_artifact SET description = 'in the log'");
      assert.ok(Deno.statSync(`${path}-wal`).size > 0);
      await requireReadable(world, own, ["show a.csv", "status"]);
      assert.match(await world.lamin("ben", own, ["show", "a.csv"], { umask }), /in the log/);
      const files = ["", "-wal", "-shm"].map((end) => [path + end, Deno.readFileSync(path + end)]);
      writer.close();
      // What a crash leaves: with the index of the log all can be read, without it nothing safely.
      for (const [name, bytes] of files) {
        Deno.writeFileSync(name as string, bytes as Uint8Array<ArrayBuffer>);
      }
      assert.match(await world.lamin("ben", own, ["show", "a.csv"], { umask }), /in the log/);
      Deno.removeSync(`${path}-shm`);
      const { code, stderr } = await world.run("ben", own, ["show", "a.csv"], { umask });
      assert.equal(code, 12, stderr);
      assert.match(
        stderr,
        /has changes beside it that are not yet in it\n.* somebody who may write/,
      );
      await world.lamin("ada", own, ["status"], { umask });
      assert.match(await world.lamin("ben", own, ["show", "a.csv"], { umask }), /in the log/);
    });
  },
);

/** Root may mount in a namespace of its own, unless a container forbids it. */
function noMounts(): string | undefined {
  const words = ["-m", "sh", "-c", "mount --bind /tmp /tmp && mount -o remount,ro,bind /tmp"];
  try {
    const { success } = new Deno.Command("unshare", { args: words }).outputSync();
    return success ? undefined : "nothing may be mounted here";
  } catch {
    return "no program unshare";
  }
}

test(
  "many hands: a read-only mount can be read, and not written",
  onlyOneHand() ?? noMounts(),
  async () => {
    await withWorld(async (world) => {
      const own = await adasInstance(world);
      const line =
        'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && exec "$@"';
      const before = ["unshare", "-m", "sh", "-c", line, own];
      await requireReadable(world, own, ["status", "cat a.csv", "fsck"], before);
      await requireRefused(world, own, ["add b.csv", "rm a.csv", "gc --apply"], before);
    });
  },
);
