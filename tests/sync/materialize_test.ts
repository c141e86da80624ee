/** Bringing bytes home that were read in place. */

import { deepEqual, equal, match } from "node:assert/strict";
import { withLabs } from "../core/sync/two_labs.ts";
import { test } from "../skip.ts";
import { ownPlaces, storageRootOf } from "../test_database.ts";
import { objectsOf, overwrite, storedPath, verdicts, withReader } from "./reading_labs.ts";

Deno.test(
  "materialize: bytes come home, checked, once; undo refers to the lab again",
  async () => {
    await withReader(async (alpha, beta) => {
      const planned = await beta.lamin("materialize", "raw/", "--dry-run");
      match(planned, /3 artifacts would be brought home \(3 objects, 16 B\)/);
      deepEqual(objectsOf(beta), []);
      const [one] = await beta.json("materialize", "raw/a.csv");
      deepEqual([one.status, one.storage], ["materialized", storageRootOf(alpha.root)]);
      match(await beta.lamin("materialize", "raw/a.csv"), /Nothing to bring home: 1 artifact/);
      deepEqual(Object.keys(await verdicts(beta)).sort(), [
        "raw/a.csv@0",
        "raw/b.csv",
        "raw/scan.zarr",
      ]);
      match(await beta.lamin("materialize", "key=raw/b.csv"), /copied raw\/b.csv/);
      match(await beta.lamin("materialize", "--all"), /2 artifacts brought home/);
      deepEqual(await verdicts(beta), {});
      Deno.renameSync(alpha.root, `${alpha.root}-away`);
      match(await beta.lamin("fsck", "--deep"), /4 artifacts read, no damage/);
      equal(await beta.lamin("cat", "raw/scan.zarr/deep/1"), "one");
      match(await beta.lamin("op"), /materialize.*2 artifacts brought home/);
      Deno.renameSync(`${alpha.root}-away`, alpha.root);
      await beta.lamin("undo");
      deepEqual(await verdicts(beta), { "raw/a.csv@0": "ok", "raw/scan.zarr": "ok" });
      match(await beta.lamin("gc", "--apply", "--grace", "0"), /deleted: 2 objects/);
      match(await beta.lamin("materialize", "--all"), /2 artifacts brought home/);
      match(await beta.lamin("fsck", "--deep"), /4 artifacts read, no damage/);
    });
  },
);

Deno.test("materialize: what is damaged there is named, and the rest comes", async () => {
  await withReader(async (alpha, beta) => {
    overwrite(await storedPath(alpha, "raw/b.csv"), "x\n3\n");
    overwrite(await storedPath(alpha, "raw/scan.zarr", "/deep/1"), "six");
    const said = await beta.say("materialize", "--all");
    equal(said.code, 13);
    match(said.stdout, /2 artifacts brought home/);
    match(said.stderr, /not copied/);
    deepEqual(await verdicts(beta, "--full"), {
      "raw/b.csv": "changed",
      "raw/scan.zarr": "changed",
    });
    match(await beta.lamin("fsck", "--deep"), /no damage/);
  });
});

test("materialize: what is there already under another uid is named", ownPlaces, async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    for (const lab of [alpha!, beta!]) {
      await lab.lamin("init", "--name", lab.root.split("/").at(-1)!);
      lab.write("a.csv", "x\n1\n");
      await lab.lamin("add", "a.csv");
    }
    alpha!.write("b.csv", "x\n2\n");
    await alpha!.lamin("add", "b.csv");
    await beta!.lamin("pull", alpha!.root, "--zero-copy");
    const said = await beta!.say("materialize", "--all");
    equal(said.code, 1, said.stderr);
    match(said.stderr, /not copied: a\.csv is in .*\/beta already, as artifact \w{20}/);
    match(said.stdout, /1 artifact brought home/);
    equal(await beta!.lamin("cat", "b.csv"), "x\n2\n");
  });
});

test("fetch: what was added where bytes go now is named", ownPlaces, async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha!.lamin("init", "--name", "alpha");
    await beta!.lamin("init", "--name", "beta");
    const second = `${beta!.root}-second`;
    Deno.mkdirSync(second);
    await beta!.lamin("storage", "add", second);
    await beta!.lamin("storage", "switch", second);
    for (const lab of [alpha!, beta!]) {
      lab.write("a.csv", "x\n1\n");
      await lab.lamin("add", "a.csv");
    }
    await beta!.lamin("pull", alpha!.root);
    const said = await beta!.say("fetch", "--all", "--from", alpha!.root);
    equal(said.code, 1, said.stderr);
    match(said.stderr, /not fetched: a\.csv is in .*-second already, as artifact \w{20}/);
    await beta!.lamin("storage", "switch", beta!.root);
    match(await beta!.lamin("fetch", "--all", "--from", alpha!.root), /1 artifact fetched/);
  });
});

test("materialize: says what is missing in a command line", ownPlaces, async () => {
  await withReader(async (_, beta) => {
    equal((await beta.say("materialize")).code, 2);
    equal((await beta.say("materialize", "--all", "raw/")).code, 2);
    equal((await beta.say("materialize", "nothing.csv")).code, 1);
  });
});
