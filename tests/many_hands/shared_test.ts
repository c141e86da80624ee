/** Two people of a group work on one instance, whatever their umasks are. */
import assert from "node:assert/strict";
import { test } from "../skip.ts";
import { soak } from "../soak.ts";
import { labGroup, onlyOneHand, treeOf, withWorld, type World } from "./world.ts";

const umasks = ["022", "027", "077"];

/** Everything in an instance of a shared folder is the group's, and nobody else's. */
function requireShared(folder: string, othersMay: number): void {
  for (const line of treeOf(folder)) {
    const [path, mode, owner] = line.split(" ") as [string, string, string];
    if (!path.includes("/.lamin")) continue;
    const bits = parseInt(mode, 8);
    const isFolder = (bits & 0o40000) !== 0;
    assert.equal(owner.split(":")[1], String(labGroup), line);
    assert.ok((bits & 0o040) !== 0, `the group may read ${line}`);
    if (isFolder) assert.equal(bits & 0o2070, 0o2070, line);
    if (path.includes(".db")) assert.ok((bits & 0o020) !== 0, `the group may write ${line}`);
    assert.equal(bits & 0o007 & ~othersMay, 0, line);
  }
}

/** What each of them does, and that the other one finds it. */
async function workTogether(world: World, folder: string, umask: string): Promise<void> {
  const { lamin, write } = world;
  const ada = (...words: string[]) => lamin("ada", folder, words, { umask });
  const ben = (...words: string[]) => lamin("ben", folder, words, { umask });
  await ada("init");
  write("ada", `${folder}/a.csv`, "a\n");
  await ada("add", "a.csv");
  write("ben", `${folder}/b.csv`, "b\n");
  Deno.mkdirSync(`${folder}/c.zarr`);
  write("ben", `${folder}/c.zarr/0`, "of both");
  write("ben", `${folder}/c.zarr/1`, "one");
  await ben("add", "b.csv", "c.zarr");
  // A new version of the folder links to members that the other one made.
  write("ada", `${folder}/c.zarr/1`, "two");
  await ada("add", "c.zarr");
  assert.equal(await ada("cat", "b.csv"), "b\n");
  assert.match(await ben("fsck", "--deep"), /no damage/);
}

/** Each takes away what the other one made. */
async function clearUp(world: World, folder: string, umask: string): Promise<void> {
  const { lamin, write } = world;
  const ada = (...words: string[]) => lamin("ada", folder, words, { umask });
  const ben = (...words: string[]) => lamin("ben", folder, words, { umask });
  await ben("rm", "a.csv");
  await ada("undo");
  await ben("rm", "a.csv", "--permanent", "--force");
  await ben("gc", "--apply", "--grace", "0");
  await ada("rm", "b.csv", "--permanent", "--force");
  await ada("gc", "--apply", "--grace", "0");
  write("ada", `${folder}/a.csv`, "again\n");
  await ada("add", "a.csv");
  assert.equal(await ben("cat", "a.csv"), "again\n");
  assert.match(await ben("fsck", "--deep"), /no damage/);
}

for (const umask of umasks) {
  test(
    `many hands: umask ${umask} in a folder that hands its group on`,
    onlyOneHand(),
    async () => {
      await withWorld(async (world) => {
        const folder = world.folder("lab", 0o2770);
        await workTogether(world, folder, umask);
        if (soak || umask === "077") await clearUp(world, folder, umask);
        requireShared(folder, 0);
      });
    },
  );
}

test(
  "many hands: others may look into a folder that lets them, and no more",
  onlyOneHand(),
  async () => {
    await withWorld(async ({ folder, lamin, write }) => {
      const lab = folder("lab", 0o2775);
      await lamin("ada", lab, ["init"], { umask: "077" });
      write("ada", `${lab}/a.csv`, "a\n");
      await lamin("ada", lab, ["add", "a.csv"], { umask: "077" });
      requireShared(lab, 0o005);
      assert.equal(Deno.statSync(`${lab}/.lamindb/lamin.db`).mode! & 0o777, 0o664);
    });
  },
);

test(
  "many hands: in any other folder the umask alone says who may read",
  onlyOneHand(),
  async () => {
    await withWorld(async ({ folder, run, lamin, write }) => {
      await Promise.all(umasks.map(async (umask) => {
        // The group may write, and is not handed on.
        const own = folder(`own-${umask}`, 0o775);
        await lamin("ada", own, ["init"], { umask });
        write("ada", `${own}/a.csv`, "a\n");
        write("ben", `${own}/b.csv`, "b\n");
        await lamin("ada", own, ["add", "a.csv"], { umask });
        const forbidden = parseInt(umask, 8);
        const stored = treeOf(`${own}/.lamindb`);
        for (const line of stored) {
          assert.equal(parseInt(line.split(" ")[1]!, 8) & forbidden, 0, line);
        }
        const read = await run("ben", own, ["cat", "a.csv"], { umask });
        assert.equal(read.code, umask === "022" ? 0 : 12, read.stderr);
        const add = await run("ben", own, ["add", "b.csv"], { umask });
        assert.equal(add.code, 12, add.stderr);
        assert.equal(add.stdout, "");
        assert.match(add.stderr, /you may not|cannot be .* by you/);
        assert.ok(add.stderr.trim().split("\n").length <= 2, add.stderr);
        assert.deepEqual(treeOf(`${own}/.lamindb`), stored, "nothing half done");
      }));
    });
  },
);

test(
  "many hands: an instance of one's own becomes the group's by chmod",
  onlyOneHand(),
  async () => {
    await withWorld(async ({ folder, run, lamin, write }) => {
      const lab = folder("lab", 0o755, { alone: true });
      const options = { umask: "022" };
      await lamin("ada", lab, ["init"], options);
      write("ada", `${lab}/a.csv`, "a\n");
      await lamin("ada", lab, ["add", "a.csv"], options);
      assert.equal((await run("ben", lab, ["rm", "a.csv", "--force"], options)).code, 12);
      // As README says.
      const lines = [
        `chgrp -R ${labGroup} .`,
        "chmod -R g+rwX .",
        "find . -type d -exec chmod g+s {} +",
      ];
      const args = ["-c", lines.join(" && ")];
      assert.ok((await new Deno.Command("sh", { args, cwd: lab }).output()).success);
      await lamin("ben", lab, ["rm", "a.csv", "--force"], { umask: "077" });
      await lamin("ben", lab, ["restore", "a.csv"], { umask: "077" });
      write("ben", `${lab}/b.csv`, "b\n");
      await lamin("ben", lab, ["add", "b.csv"], { umask: "077" });
      assert.equal(await lamin("ada", lab, ["cat", "b.csv"], options), "b\n");
      assert.match(await lamin("ada", lab, ["fsck", "--deep"], options), /no damage/);
    });
  },
);
