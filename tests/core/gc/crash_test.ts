import assert from "node:assert/strict";
import { filesBelow, onDay } from "../../days.ts";
import { withInstance, type Workspace, workspaceAt } from "../../lamin.ts";
import { flipBit } from "../fsck/damage.ts";

const script = new URL("../crash_at.ts", import.meta.url).pathname;

/** Runs the program until it is about to take a step; tells whether it got that far. */
async function crashes({ root, home }: Workspace, step: number, words: string[]): Promise<boolean> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", script, root, home, String(step), ...words],
    stdout: "null",
  }).output();
  assert.ok(code === 99 || code === 0, new TextDecoder().decode(stderr));
  return code === 99;
}

/**
 * Prepares an instance once, and for each step of some words a copy of it in which they were ended
 * at that step, until they are through. Returns how many steps there are.
 */
async function atEachStep(
  words: string[],
  prepare: (workspace: Workspace) => Promise<void>,
  look: (workspace: Workspace, step: number) => Promise<void>,
): Promise<number> {
  let step = 0;
  await withInstance(async (workspace) => {
    await prepare(workspace);
    for (let isOver = false; !isOver; step++) {
      const root = `${workspace.root}-${step}`;
      const copied = new Deno.Command("cp", { args: ["-a", workspace.root, root] });
      assert.ok((await copied.output()).success);
      const copy = workspaceAt(root, workspace.home);
      isOver = !(await crashes(copy, step, words));
      await look(copy, step);
    }
  });
  return step;
}

Deno.test("gc: ended at any step, it lost nothing that is in use and can be run again", async () => {
  const words = ["gc", "--apply", "--grace", "0"];
  const steps = await atEachStep(words, async (workspace) => {
    workspace.write("a.csv", "one");
    workspace.write("f.zarr/0/0", "two");
    workspace.write("kept.csv", "three");
    const { json } = onDay(0, workspace);
    await json("add", ".");
    await json("rm", "--permanent", "--force", "a.csv", "f.zarr");
  }, async (workspace, step) => {
    const checked = await onDay(0, workspace).run("fsck", "--deep");
    assert.equal(checked.code, 0, checked.stdout);
    // What was moved aside is found once it rested.
    await onDay(3, workspace).json(...words);
    assert.deepEqual(filesBelow(workspace, ".lamindb/objects").length, 1, `step ${step}`);
    await onDay(3, workspace).json("fsck", "--repair");
    assert.deepEqual(await onDay(3, workspace).json("fsck", "--deep"), []);
    await onDay(0, workspace).json("add", ".");
    assert.equal((await onDay(0, workspace).run("fsck", "--deep")).code, 0);
  });
  assert.ok(steps > 4, `${steps} steps`);
});

Deno.test("fsck --repair: ended at any step, it can be run again and nothing is lost", async () => {
  const words = ["fsck", "--deep", "--repair"];
  const steps = await atEachStep(words, async (workspace) => {
    workspace.write("a.csv", "precious");
    workspace.write("f.zarr/0/0", "chunk");
    const added = await onDay(0, workspace).json("add", ".");
    const [file, folder] = ["a.csv", "f.zarr"].map((key) =>
      added.find((row) => row.key === key)._real_key
    );
    flipBit(workspace.path(file), 1);
    Deno.removeSync(workspace.path(`${folder}/0/0`));
  }, async (workspace, step) => {
    const { code, stdout } = await onDay(0, workspace).run(...words);
    assert.equal(code, 0, stdout);
    assert.equal((await onDay(0, workspace).run("fsck", "--deep")).code, 0);
    assert.equal(filesBelow(workspace, ".lamindb/objects/damaged").length, 1, `step ${step}`);
    await onDay(3, workspace).json("gc", "--apply");
    assert.deepEqual(filesBelow(workspace, ".lamindb/objects/staging"), []);
  });
  assert.ok(steps > 10, `${steps} steps`);
});
