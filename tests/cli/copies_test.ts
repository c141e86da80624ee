import assert from "node:assert/strict";
import { withWorkspace, type Workspace } from "../lamin.ts";
import { test } from "../skip.ts";
import { onlySqlite } from "../test_database.ts";

/** Makes an instance in `one` and a copy of its folder in `two`. */
async function makeCopies({ run, root }: Workspace): Promise<void> {
  assert.equal((await run(["init", "one", "--name", "atlas"])).code, 0);
  await copy(`${root}/one`, `${root}/two`);
}

async function copy(from: string, to: string): Promise<void> {
  const { success } = await new Deno.Command("cp", { args: ["-r", from, to] }).output();
  assert.ok(success);
}

test(
  "info: a copy tells where Python works instead, until it is connected",
  onlySqlite,
  async () => {
    await withWorkspace(async (workspace) => {
      const { run, root } = workspace;
      await makeCopies(workspace);
      const info = async (folder: string) =>
        JSON.parse((await run(["info", "--json"], { folder })).stdout);
      const first = await info("one");
      assert.deepEqual([first.other_copy, first.remedy], [null, null]);
      const second = await info("two");
      assert.equal(second.other_copy, `${root}/one`);
      assert.equal(second.python_settings, null);
      assert.match(
        second.remedy,
        new RegExp(`^Python works on the copy in ${root}/one, also from here`),
      );
      assert.match(
        second.remedy,
        new RegExp(`lamin op compare ${root}/one.*lamin connect ${root}/two`),
      );
      const shown = await run(["connect"], { folder: "two" });
      assert.match(shown.stdout, /atlas in .*two, found from this folder/);
      assert.match(shown.stderr, new RegExp(`Python works on the copy in ${root}/one`));

      const connected = await run(["connect", "two", "--json"]);
      assert.equal(JSON.parse(connected.stdout).other_copy, `${root}/one`);
      assert.match(connected.stderr, /the one in .*one is still there; Python finds this one now/);
      assert.match(connected.stderr, /lamin op compare .*one/);
      const [now, then] = [await info("two"), await info("one")];
      assert.deepEqual([now.other_copy, now.remedy], [null, null]);
      assert.equal(then.other_copy, `${root}/two`);
    });
  },
);

test(
  "info: a folder that was moved, or that another instance took, is no copy",
  onlySqlite,
  async () => {
    await withWorkspace(async (workspace) => {
      const { run, root } = workspace;
      await makeCopies(workspace);
      Deno.removeSync(`${root}/one`, { recursive: true });
      const info = async () =>
        JSON.parse((await run(["info", "--json"], { folder: "two" })).stdout);
      assert.match((await info()).remedy, /^it was moved here from .*one: run/);
      const elsewhere = { environment: { LAMIN_SETTINGS_DIR: `${root}/settings` } };
      assert.equal((await run(["init", "one", "--name", "atlas"], elsewhere)).code, 0);
      const { other_copy, remedy } = await info();
      assert.equal(other_copy, null, "it has the same id, but is another instance");
      assert.match(remedy, /lamin connect/);
    });
  },
);
