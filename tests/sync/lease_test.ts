/** What a lab collects while others read its contents in place. */

import { deepEqual, equal, match } from "node:assert/strict";
import { collectGarbage } from "../../core/gc/collect.ts";
import { planGarbage } from "../../core/gc/plan.ts";
import { beginLease, holderOf } from "../../core/sync/lease/hold.ts";
import { opened, withLabs } from "../core/sync/two_labs.ts";
import { changeDatabase } from "../open_instance.ts";
import { test } from "../skip.ts";
import { ownPlaces, storageRootOf } from "../test_database.ts";
import { withReader } from "./reading_labs.ts";

const now = ["gc", "--apply", "--grace", "0"];

Deno.test(
  "lease: gc keeps what others read, until that is over or it is forced",
  async () => {
    await withReader(async (alpha, beta) => {
      const [lease] = await alpha.json("remote", "leases");
      deepEqual([lease.reader, lease.contents], ["anonymous/beta", 4]);
      match(await alpha.lamin("info"), /read by +anonymous\/beta, 4 contents/);
      deepEqual((await alpha.json("info"))[0].readers.map((one: typeof lease) => one.uid), [
        lease.uid,
      ]);
      const removed = await alpha.say("rm", "--permanent", "--force", "raw/b.csv");
      match(removed.stderr, /anonymous\/beta reads the bytes here/);
      match(
        await alpha.lamin(...now),
        /kept: 1 object \(4 B\), another instance.*: anonymous\/beta/,
      );
      equal(await beta.lamin("cat", "raw/b.csv"), "x\n2\n");
      const [kept] = await alpha.json("gc", "--grace", "0");
      deepEqual([kept.status, kept.reader], ["kept", "anonymous/beta"]);
      const [forced] = await alpha.json("gc", "--grace", "0", "--force");
      equal(forced.status, "unreferenced");
      equal((await alpha.say("remote", "release", "anonymous/gamma")).code, 1);
      await alpha.lamin("remote", "release", "anonymous/beta");
      deepEqual(await alpha.json("remote", "leases"), []);
      match(await alpha.lamin(...now), /deleted: 1 object/);
      equal((await beta.say("verify")).code, 3);
      // The next pull says anew what is read, and only that is kept.
      await beta.lamin("pull", "lab", "--zero-copy");
      equal((await alpha.json("remote", "leases"))[0].contents, 4);
      await alpha.lamin("rm", "--permanent", "--force", "raw/scan.zarr");
      match(await alpha.lamin(...now), /kept: 1 object/);
      match(await alpha.lamin(...now, "--force"), /deleted: 1 object/);
    });
  },
);

Deno.test("lease: what came to be read after the plan was shown is not deleted", async () => {
  await withReader(async (alpha, beta) => {
    await alpha.lamin("remote", "release", "anonymous/beta");
    await alpha.lamin("rm", "--permanent", "--force", "raw/b.csv");
    await opened(alpha, async (instance) => {
      const plan = await planGarbage(instance, { graceMs: 0 });
      equal(plan.collectable.length, 1);
      await beta.lamin("pull", "lab", "--zero-copy");
      const name = { verb: "gc", command: ["gc"] };
      deepEqual((await collectGarbage(instance, plan, 0, name)).objects, []);
    });
    equal(await beta.lamin("cat", "raw/b.csv"), "x\n2\n");
  });
});

Deno.test(
  "lease: a pull that died keeps everything, the next one makes it exact",
  async () => {
    await withReader(async (alpha, beta) => {
      await alpha.lamin("remote", "release", "anonymous/beta");
      const holder = await opened(beta, holderOf);
      await opened(alpha, (instance) => beginLease(instance, holder));
      equal((await alpha.json("remote", "leases"))[0].contents, null);
      match(await alpha.lamin("info"), /read by +anonymous\/beta, all contents/);
      alpha.write("c.csv", "of alpha alone\n");
      await alpha.lamin("add", "c.csv");
      await alpha.lamin("rm", "--permanent", "--force", "c.csv");
      match(await alpha.lamin(...now), /kept: 1 object/);
      await beta.lamin("pull", "lab", "--zero-copy");
      equal((await alpha.json("remote", "leases"))[0].contents, 4);
      match(await alpha.lamin(...now), /deleted: 1 object/);
    });
  },
);

test("lease: what a clone has not fetched is kept for it, until it has", ownPlaces, async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha!.lamin("init", "--name", "alpha");
    for (const name of ["a", "b", "c"]) alpha!.write(`${name}.csv`, `of ${name}\n`);
    await alpha!.lamin("add", ".");
    await beta!.lamin("clone", alpha!.root, `${beta!.root}/atlas`, "--name", "lab");
    const clone = { ...beta!, root: `${beta!.root}/atlas` };
    const [lease] = await alpha!.json("remote", "leases");
    deepEqual([lease.reader, lease.contents, lease.awaited], ["anonymous/lab", 0, 3]);
    match(await alpha!.lamin("remote", "leases"), /lab +3 contents not fetched yet/);
    match(await alpha!.lamin("info"), /read by +anonymous\/lab, 3 contents not fetched yet/);
    await alpha!.lamin("rm", "--permanent", "--force", "a.csv", "b.csv", "c.csv");
    match(await alpha!.lamin(...now), /kept: 3 objects .*: anonymous\/lab/);
    await clone.lamin("-C", clone.root, "fetch", "a.csv");
    match(await alpha!.lamin(...now), /deleted: 1 object[^]*kept: 2 objects/);
    await clone.lamin("-C", clone.root, "rm", "--permanent", "--force", "b.csv");
    await clone.lamin("-C", clone.root, "pull");
    equal((await alpha!.json("remote", "leases"))[0].awaited, 1);
    await clone.lamin("-C", clone.root, "fetch", "--all");
    deepEqual(await alpha!.json("remote", "leases"), []);
    match(await alpha!.lamin(...now), /deleted: 2 objects/);
    equal(await clone.lamin("-C", clone.root, "cat", "c.csv"), "of c\n");
  });
});

test("lease: a source that may only be read is left as it is", ownPlaces, async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha!.lamin("init", "--name", "alpha");
    alpha!.write("a.csv", "of a\n");
    await alpha!.lamin("add", ".");
    const database = `${alpha!.root}/.lamindb/lamin.db`;
    changeDatabase(
      database,
      `CREATE TRIGGER trap AFTER INSERT ON lamindb_run BEGIN SELECT 1; END`,
    );
    const before = Deno.readFileSync(database);
    await beta!.lamin("clone", alpha!.root, `${beta!.root}/atlas`);
    deepEqual(Deno.readFileSync(database), before);
    deepEqual(await alpha!.json("remote", "leases"), []);
  });
});

test("lease: who is pushed to without bytes is one who awaits them", ownPlaces, async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha!.lamin("init", "--name", "alpha");
    await beta!.lamin("init", "--name", "beta");
    alpha!.write("a.csv", "of a\n");
    await alpha!.lamin("add", ".");
    await alpha!.lamin("push", beta!.root, "--data", "none");
    equal((await alpha!.json("remote", "leases"))[0].awaited, 1);
    await alpha!.lamin("remote", "release", "anonymous/beta");
    deepEqual(await alpha!.json("remote", "leases"), []);
    await alpha!.lamin("push", beta!.root);
    deepEqual(await alpha!.json("remote", "leases"), []);
  });
});

Deno.test("lease: a reader's own gc and a copy of it touch nothing of the lab", async () => {
  await withReader(async (alpha, beta) => {
    await beta.lamin("rm", "--permanent", "--force", "raw/b.csv");
    await beta.lamin(...now, "--force");
    const denied = await beta.say("gc", "--storage", storageRootOf(alpha.root));
    equal(denied.code, 12);
    equal(await alpha.lamin("cat", "raw/b.csv"), "x\n2\n");
    // A row that says otherwise gives no right to it.
    const uid = (await beta.json("info"))[0].uid;
    await opened(beta, async ({ database }) => {
      await database.write((writer) =>
        writer.run("UPDATE lamindb_storage SET instance_uid = ? WHERE root = ?", [
          uid,
          storageRootOf(alpha.root),
        ])
      );
    });
    const said = await beta.say(
      "gc",
      "--storage",
      storageRootOf(alpha.root),
      "--apply",
      "--grace",
      "0",
    );
    deepEqual([said.code, /says that anonymous\/alpha manages it/.test(said.stderr)], [12, true]);
    // A dry run tells nobody anything.
    await alpha.lamin("remote", "release", "anonymous/beta");
    await beta.lamin("pull", "lab", "--zero-copy", "--dry-run");
    deepEqual(await alpha.json("remote", "leases"), []);
  });
});
