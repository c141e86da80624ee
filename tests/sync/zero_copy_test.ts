/** Reading in place what another lab has: pull --zero-copy, verify, status, fsck. */

import { deepEqual, equal, match } from "node:assert/strict";
import { atlasAt } from "../cli/atlas.ts";
import { withBuckets } from "../cli/bucket_place.ts";
import { withLabs } from "../core/sync/two_labs.ts";
import { withPythonInstance } from "../lamin.ts";
import { noS3Server } from "../s3_server.ts";
import { missingPostgres, withDatabase } from "../postgres_server.ts";
import { test } from "../skip.ts";
import { onlyLocal, ownPlaces, storageRootOf, wholeFolder } from "../test_database.ts";
import { objectsOf, overwrite, storedPath, verdicts, withReader } from "./reading_labs.ts";

const all = (status: string) => ({
  "raw/a.csv@0": status,
  "raw/b.csv": status,
  "raw/scan.zarr": status,
  "raw/a.csv": status,
});

/** Times as SQLite keeps them of Python; Postgres fills them up to microseconds. */
function withoutZeros(text: string): string {
  return text.replace(/(\d\d:\d\d:\d\d\.\d*[1-9])0+/g, "$1");
}

Deno.test("zero copy: rows come, bytes stay, and everything reads them there", async () => {
  await withReader(async (alpha, beta) => {
    deepEqual(objectsOf(beta), []);
    const [theirs] = await alpha.json("list", "storage");
    const storages = await beta.json("list", "storage", "--order", "id");
    equal(storages.length, 2);
    for (const field of ["uid", "root", "type", "instance_uid"]) {
      equal(storages[1][field], theirs[field], field);
    }
    equal(await beta.lamin("cat", "raw/a.csv"), "x\n11\n");
    equal(await beta.lamin("cat", "raw/a.csv@0"), "x\n1\n");
    equal(await beta.lamin("cat", "raw/scan.zarr/deep/1"), "one");
    match(await beta.lamin("status"), /Elsewhere:\n {2}raw\/ \(3\)/);
    match(await beta.lamin("status", "-s"), /^-> raw\/$/m);
    equal((await beta.say("status", "--exit-code")).code, 0);
    match(
      await beta.lamin("fsck", "--deep"),
      /elsewhere +4 artifacts[^]*0 artifacts read, no damage/,
    );
    await beta.lamin("get", "raw/b.csv");
    equal(Deno.readTextFileSync(`${beta.root}/raw/b.csv`), "x\n2\n");
    const [again] = await beta.json("pull", "lab", "--zero-copy", "--data", "none");
    deepEqual([again.records, again.operation], [0, null]);
    const both = await beta.say("pull", "lab", "--zero-copy", "--data", "latest");
    deepEqual([both.code, /say one of them/.test(both.stderr)], [2, true]);
    deepEqual(await verdicts(beta, "--full"), all("ok"));
  });
});

Deno.test(
  "zero copy: lineage, labels, features and versions of Python's come along",
  async () => {
    await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
      const alpha = atlasAt(root, home);
      const beta = atlasAt(`${root}-reader`, home);
      Deno.mkdirSync(beta.root);
      await beta.lamin("init", "--modules", "bionty");
      const pulled = await beta.run("pull", root, "--zero-copy");
      match(pulled.stderr, /cannot be told that its bytes are read here/);
      const keys = [
        "raw/counts.csv",
        "my_datasets/rnaseq1.parquet",
        "pbmc/pbmc_small.h5ad",
        "imaging/run 1",
      ];
      for (const key of keys) {
        const said = [["lineage", key, "--json"], ["show", key], ["head", key]];
        for (const words of key === "imaging/run 1" ? said.slice(0, 2) : said) {
          const [here, there] = [await beta.run(...words), await alpha.run(...words)];
          deepEqual(
            [here.code, withoutZeros(here.stdout)],
            [there.code, withoutZeros(there.stdout)],
            words.join(" "),
          );
        }
        const versions = ["list", "artifact", `key=${key}`, "--all-versions", "--format", "{uid}"];
        equal(await beta.lamin(...versions), await alpha.lamin(...versions));
      }
      equal((await beta.run("verify", "--full")).code, 0);
      const checked = (await beta.json("verify", "--full", "--update")).map((one) => one.checked);
      deepEqual(new Set(checked), new Set(["MD5 of all bytes"]));
      const again = (await beta.json("verify", "--full")).map((one) => one.checked);
      deepEqual(new Set(again), new Set(["SHA-256 of all bytes"]));
      await beta.lamin("pull", root, "key=raw/counts.csv", "--zero-copy");
    });
  },
);

Deno.test("zero copy: what others read through a reader is read where it lies", async () => {
  await withReader(async (alpha, beta, gamma) => {
    await gamma.lamin("init", "--name", "gamma");
    beta.write("own.csv", "of beta\n");
    await beta.lamin("add", "own.csv");
    const pulled = await gamma.say("pull", beta.root, "--zero-copy");
    equal(pulled.code, 0, pulled.stderr);
    match(
      pulled.stderr,
      new RegExp(
        `4 artifacts in ${RegExp.escape(storageRootOf(alpha.root))}: a 'lamin pull --zero-copy'`,
      ),
    );
    equal(await gamma.lamin("cat", "raw/a.csv"), "x\n11\n");
    equal(await gamma.lamin("cat", "own.csv"), "of beta\n");
    deepEqual(await verdicts(gamma, "--full"), { ...all("ok"), "own.csv": "ok" });
    // Each knows of those that asked it.
    deepEqual((await beta.json("remote", "leases")).map(({ contents }) => contents), [1]);
    deepEqual((await alpha.json("remote", "leases")).map(({ contents }) => contents), [4]);
  });
});

Deno.test(
  "zero copy: what was cloned without bytes is read at the source from then on",
  async () => {
    await withReader(async (alpha, beta) => {
      const { stderr } = await beta.say("clone", alpha.root, `${beta.root}-clone`);
      const clone = (...words: string[]) => beta.say("-C", `${beta.root}-clone`, ...words);
      equal((await clone("cat", "raw/a.csv")).code, 1, stderr);
      const chosen = ["pull", "key=raw/a.csv", "--zero-copy", "--json"];
      equal(JSON.parse((await clone(...chosen, "--dry-run")).stdout).referred, 2);
      equal((await clone("cat", "raw/a.csv")).code, 1);
      equal(JSON.parse((await clone(...chosen)).stdout).referred, 2);
      equal((await clone("cat", "raw/a.csv")).stdout, "x\n11\n");
      equal((await clone("cat", "raw/b.csv")).code, 1);
      match((await clone("status", "-s")).stdout, /^-- raw\/b.csv$[^]*^-> raw\/a.csv$/m);
      match((await clone("pull", "--zero-copy")).stdout, /read there +2 that had no bytes here/);
      equal((await clone("verify", "--full")).code, 0);
      match((await clone("pull", "--zero-copy")).stdout, /nothing new here/);
      await clone("undo");
      equal((await clone("cat", "raw/b.csv")).code, 1);
      equal((await alpha.json("remote", "leases")).length, 2);
    });
  },
);

Deno.test(
  "verify: other bytes are found as far as each level looks, and it says how far",
  async () => {
    await withReader(async (alpha, beta) => {
      overwrite(await storedPath(alpha, "raw/b.csv"), "x\n3\n");
      overwrite(await storedPath(alpha, "raw/scan.zarr", "/deep/1"), "six");
      deepEqual(await verdicts(beta), all("ok"));
      match(await beta.lamin("verify"), /compared: size[^]*only --full compares every byte/);
      const changed = { ...all("ok"), "raw/b.csv": "changed", "raw/scan.zarr": "changed" };
      deepEqual(await verdicts(beta, "--sample"), changed);
      deepEqual(await verdicts(beta, "--full"), changed);
      deepEqual(await verdicts(beta, "--full", "key=raw/b.csv"), { "raw/b.csv": "changed" });
      deepEqual(await verdicts(beta, "raw/a.csv"), { "raw/a.csv@0": "ok", "raw/a.csv": "ok" });
      equal((await beta.say("verify")).code, 0);
      equal((await beta.say("verify", "--full")).code, 3);
      equal((await beta.say("verify", "--full", "--sample")).code, 2);
      overwrite(await storedPath(alpha, "raw/b.csv"), "x\n3\nand more\n");
      equal((await verdicts(beta))["raw/b.csv"], "changed");
      Deno.removeSync(await storedPath(alpha, "raw/b.csv"));
      equal((await verdicts(beta))["raw/b.csv"], "missing");
      equal((await beta.say("cat", "raw/b.csv")).code, 13);
    });
  },
);

test(
  "verify: a folder that moved is found through the remote, and noted",
  wholeFolder,
  async () => {
    await withReader(async (alpha, beta) => {
      const moved = `${alpha.root}-moved`;
      Deno.renameSync(alpha.root, moved);
      deepEqual(await verdicts(beta), all("unreachable"));
      equal((await beta.say("verify", "--update")).code, 3);
      await beta.lamin("remote", "remove", "lab");
      await beta.lamin("remote", "add", "lab", moved);
      deepEqual(await verdicts(beta), all("moved"));
      equal((await beta.say("verify", "--update", "--full")).code, 0);
      deepEqual(await verdicts(beta), all("ok"));
      equal(await beta.lamin("cat", "raw/a.csv"), "x\n11\n");
      await beta.lamin("undo");
      deepEqual(await verdicts(beta), all("moved"));
    });
  },
);

test("zero copy: a folder that moved before is read where it is", wholeFolder, async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha.lamin("init", "--name", "alpha");
    await beta.lamin("init", "--name", "beta");
    alpha.write("a.csv", "x\n1\n");
    await alpha.lamin("add", "a.csv");
    Deno.renameSync(alpha.root, `${alpha.root}-moved`);
    await beta.lamin("pull", `${alpha.root}-moved`, "--zero-copy");
    equal(await beta.lamin("cat", "a.csv"), "x\n1\n");
    const [again] = await beta.json("pull", `${alpha.root}-moved`, "--zero-copy");
    deepEqual([again.records, again.changed, again.conflicts], [0, 0, []]);
  });
});

test(
  "verify: bytes in place that their lab gave another name are found there",
  onlyLocal,
  async () => {
    await withLabs(["alpha", "beta"], async (alpha, beta) => {
      await alpha.lamin("init", "--name", "alpha");
      await beta.lamin("init", "--name", "beta");
      alpha.write("old.csv", "in place\n");
      await alpha.lamin("add", "--no-copy", "old.csv");
      await beta.lamin("remote", "add", "lab", alpha.root);
      await beta.lamin("pull", "lab", "--zero-copy");
      await alpha.lamin("mv", "old.csv", "new.csv");
      deepEqual(await verdicts(beta), { "old.csv": "moved" });
      const [one] = await beta.json("verify", "--update");
      deepEqual([one.moved_to, one.corrected], [`${alpha.root} new.csv`, true]);
      equal(await beta.lamin("cat", "old.csv"), "in place\n");
      Deno.writeTextFileSync(`${alpha.root}/new.csv`, "other\n");
      deepEqual(await verdicts(beta), { "old.csv": "changed" });
    });
  },
);

test(
  "zero copy: a lab in a bucket is read there, and its gc knows",
  noS3Server ?? ownPlaces,
  async () => {
    await withBuckets(async ({ root, folder, machine }) => {
      const keeper = machine("keeper");
      await keeper.lamin("init", "--storage", root, "--name", "shared");
      keeper.write("raw/a.csv", "x\n1\n");
      keeper.write("raw/scan.zarr/0", "zero");
      await keeper.lamin("add", "raw");
      const reader = machine("reader");
      await reader.lamin("init", "--name", "reader");
      await reader.lamin("pull", root, "--zero-copy");
      equal(await reader.lamin("cat", "raw/a.csv"), "x\n1\n");
      for (const level of ["--stat", "--sample", "--full"]) {
        const found = await reader.json("verify", level);
        deepEqual(found.map(({ status }) => status), ["ok", "ok"], level);
      }
      await keeper.lamin("rm", "--permanent", "--force", "raw/a.csv");
      match(await keeper.lamin("gc", "--apply", "--grace", "0"), /kept: 1 object .*\/reader/);
      equal(await reader.lamin("cat", "raw/a.csv"), "x\n1\n");
      const [name] = (await reader.json("list", "artifact", "key=raw/a.csv"))
        .map(({ _real_key }) => _real_key);
      Deno.writeTextFileSync(`${folder}/${name}`, "longer than before\n");
      const [one] = JSON.parse(`[${(await reader.run("verify", "--json", "raw/a.csv")).stdout}]`);
      equal(one.status, "changed");
      await reader.lamin("materialize", "raw/scan.zarr");
      const left = await reader.run("verify", "--json");
      deepEqual([left.code, left.stdout.trim().split("\n").length], [3, 1]);
    });
  },
);

test("zero copy: between instances on Postgres", missingPostgres() ?? ownPlaces, async () => {
  await withDatabase((theirs) =>
    withDatabase((own) =>
      withLabs(["alpha", "beta"], async (alpha, beta) => {
        await alpha.lamin("init", "--name", "alpha", "--db", theirs);
        await beta.lamin("init", "--name", "beta", "--db", own);
        alpha.write("a.csv", "x\n1\n");
        alpha.write("f.zarr/0", "zero");
        await alpha.lamin("add", ".");
        await beta.lamin("remote", "add", "lab", theirs);
        await beta.lamin("pull", "lab", "--zero-copy");
        equal(await beta.lamin("cat", "a.csv"), "x\n1\n");
        equal((await alpha.json("remote", "leases"))[0].contents, 2);
        await alpha.lamin("rm", "--permanent", "--force", "a.csv");
        match(await alpha.lamin("gc", "--apply", "--grace", "0"), /kept: 1 object/);
        deepEqual(await verdicts(beta, "--full"), { "a.csv": "ok", "f.zarr": "ok" });
        await beta.lamin("materialize", "a.csv");
        deepEqual(await verdicts(beta), { "f.zarr": "ok" });
        await beta.lamin("undo");
        Deno.removeSync(await storedPath(alpha, "f.zarr", "/0"));
        deepEqual(await verdicts(beta, "--sample"), { "a.csv": "ok", "f.zarr": "missing" });
      })
    )
  );
});
