/** What may not be read or written, for a user to whom permission bits apply. */
import assert from "node:assert/strict";
import { withInstance, type Workspace } from "../lamin.ts";
import { cannotBeDenied } from "../powers.ts";
import { test } from "../skip.ts";
import { onlyLocal, onlySqlite } from "../test_database.ts";

const asUser = { withoutPowers: true };

test("denied: what may not be read is named, the rest is added", cannotBeDenied(), async () => {
  await withInstance(async ({ run, write, path }) => {
    for (const name of ["good.csv", "secret.csv", "locked/a.csv", "listed/b.csv", "c.zarr/0"]) {
      write(name, name);
    }
    const modes = { "secret.csv": 0, locked: 0, listed: 0o444, "c.zarr/0": 0 };
    for (const [name, mode] of Object.entries(modes)) Deno.chmodSync(path(name), mode);
    const everything = await run(["add", ".", "--json"], asUser);
    assert.equal(everything.code, 1, everything.stderr);
    assert.equal(JSON.parse(everything.stdout).key, "good.csv");
    for (const name of ["secret.csv", "locked", "listed/b.csv"]) {
      assert.match(everything.stderr, new RegExp(`not added: .*${name}: you may not read it`));
    }
    assert.match(everything.stderr, /not added: .*c\.zarr: you may not read 0 in it/);
    const named = await run(["add", "locked", "locked/a.csv", "good.csv"], asUser);
    assert.deepEqual([named.code, named.stdout], [1, "1 unchanged\n"], named.stderr);
    const { code, stderr } = await run(["status", "-s"], asUser);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /not looked at: locked: you may not read it/);
    for (const name of Object.keys(modes)) Deno.chmodSync(path(name), 0o755);
  });
});

test(
  "denied: an artifact in a folder that may not be read is not called deleted",
  cannotBeDenied(),
  async () => {
    await withInstance(async ({ run, lamin, write, path }) => {
      write("locked/deep/a.csv", "a");
      await lamin("add", ".");
      Deno.chmodSync(path("locked"), 0);
      const status = await run(["status", "-s", "--exit-code"], asUser);
      Deno.chmodSync(path("locked"), 0o755);
      assert.deepEqual([status.code, status.stdout], [0, ""], status.stderr);
      assert.match(status.stderr, /not looked at: locked/);
    });
  },
);

test(
  "denied: an instance that may not be written can be read",
  onlySqlite ?? cannotBeDenied(),
  async () => {
    await withInstance(async (workspace) => {
      const { run, lamin, write } = workspace;
      write("a.csv", "x\n1\n");
      await lamin("add", "a.csv");
      await withoutWriting(workspace, async () => {
        const reads = [
          ["info"],
          ["status", "-s"],
          ["log"],
          ["list", "artifact"],
          ["show", "a.csv"],
          ["cat", "a.csv"],
          ["diff", "a.csv"],
          ["fsck"],
          ["gc"],
          ["op", "log"],
          ["lineage", "a.csv"],
          ["add", "a.csv", "--dry-run"],
        ];
        for (const words of reads) {
          const { code, stderr } = await run(words, asUser);
          assert.equal(code, 0, `${words}: ${stderr}`);
        }
        for (
          const words of [["add", "a.csv"], ["rm", "a.csv"], ["mv", "a.csv", "b.csv"], ["undo"]]
        ) {
          const { code, stderr } = await run(words, asUser);
          assert.equal(code, 12, `${words}: ${stderr}`);
          assert.match(stderr, /you may not write to/);
        }
      });
      assert.equal(await lamin("cat", "a.csv"), "x\n1\n");
    });
  },
);

/** The work tree and all folders in it without the right to write, while `work` runs. */
async function withoutWriting({ root }: Workspace, work: () => Promise<void>): Promise<void> {
  const chmod = (mode: string) => new Deno.Command("chmod", { args: ["-R", mode, root] }).output();
  await chmod("a-w");
  try {
    await work();
  } finally {
    await chmod("u+w");
  }
}

test(
  "denied: patterns that may not be read keep add from adding what they keep out",
  cannotBeDenied(),
  async () => {
    await withInstance(async ({ run, write, path, lamin }) => {
      write(".laminignore", "*.tmp\n");
      write("a.csv", "a");
      write("b.tmp", "b");
      Deno.chmodSync(path(".laminignore"), 0);
      const { code, stderr } = await run(["add", "."], asUser);
      assert.equal(code, 12, stderr);
      assert.match(stderr, /^✗ cannot read \S+\.laminignore: you may not\n/);
      assert.equal(await lamin("list", "artifact", "--json"), "");
    });
  },
);

test(
  "denied: a store that may not be written is not called the fault of the files",
  cannotBeDenied() ?? onlyLocal,
  async () => {
    await withInstance(async ({ run, write, path }) => {
      write("a.csv", "a");
      Deno.mkdirSync(path(".lamindb/objects"), { recursive: true });
      Deno.chmodSync(path(".lamindb/objects"), 0o555);
      const { code, stderr } = await run(["add", "."], asUser);
      assert.equal(code, 12, stderr);
      assert.match(stderr, /^✗ cannot make directory \S+objects\/staging: you may not\n/);
    });
  },
);
