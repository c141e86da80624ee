import assert from "node:assert/strict";
import { InstanceSource } from "../../../core/sync/contents/instance_source.ts";
import { fetchContents } from "../../../core/sync/fetch/fetch.ts";
import { selectToFetch } from "../../../core/sync/fetch/select.ts";
import { both, objectsIn, type Pair, syncRows, withPair } from "./pair.ts";

const operation = { verb: "fetch", command: ["fetch"] };

/** Runs `work` with a target that knows of a file, a folder and an older version, without bytes. */
function unfetched(name: string, work: (pair: Pair) => Promise<void>): void {
  Deno.test(name, async () => {
    await withPair({ source: "disk", target: "disk" }, async (pair) => {
      const { write, lamin } = pair.source;
      write("a.csv", "x\n1\n");
      write("f.zarr/0", "zero\n");
      await lamin("add", ".");
      write("a.csv", "x\n2\n");
      await lamin("add", "a.csv");
      await syncRows(pair);
      await work(pair);
    });
  });
}

unfetched("not fetched: reading says how to fetch, and it is no damage", async ({ target }) => {
  for (
    const words of [
      ["cat", "a.csv"],
      ["cat", "f.zarr/0"],
      ["head", "a.csv"],
      ["get", "a.csv"],
      ["get", "f.zarr"],
      ["diff", "a.csv@0", "a.csv"],
    ]
  ) {
    const { code, stderr } = await target.run(...words);
    assert.deepEqual([words, code], [words, 1], stderr);
    assert.match(stderr, /not fetched/, words.join(" "));
    assert.equal(target.exists("a.csv"), false);
  }
  const { stderr } = await target.run("cat", "a.csv");
  assert.match(stderr, /'lamin fetch a\.csv'/);
  const failure = await target.run("cat", "a.csv", "--json");
  assert.equal(JSON.parse(failure.stderr).error, "not_fetched");
  assert.match(await target.lamin("show", "a.csv"), /a\.csv/);
  assert.equal((await target.json("list", "artifact")).length, 2);
});

unfetched("not fetched: fsck notes it, gc leaves it, info counts it", async ({ target }) => {
  const checked = await target.run("fsck", "--deep");
  assert.equal(checked.code, 0, checked.stdout);
  assert.match(
    checked.stdout,
    /not fetched 3 artifacts, 13 B: 'lamin fetch' brings them from lab/,
  );
  const named = await target.json("fsck", "a.csv");
  // Both versions.
  assert.deepEqual(
    new Set(named.map(({ kind, key }) => `${kind} ${key}`)),
    new Set(["not fetched a.csv"]),
  );
  const rows = await target.json("list", "artifact");
  assert.match(await target.lamin("gc", "--grace", "0", "--apply"), /othing/);
  assert.deepEqual(await target.json("list", "artifact"), rows);
  const [{ counts }] = await target.json("info");
  assert.deepEqual([counts.not_fetched, counts.not_fetched_bytes], [3, 13]);
  assert.match(await target.lamin("info"), /not here +3 versions/);
  const repaired = await target.run("fsck", "--repair");
  assert.equal(repaired.code, 0, repaired.stdout);
  assert.deepEqual(await target.json("list", "artifact"), rows);
});

unfetched("not fetched: status does not call it deleted", async ({ target }) => {
  const statuses = async () =>
    (await target.json("status")).map(({ status, path }) => [status, path]);
  const all = [["not fetched", "a.csv"], ["not fetched", "f.zarr"]];
  assert.deepEqual(await statuses(), all);
  assert.match(await target.lamin("status"), /'lamin fetch PATH' brings it before/);
  target.write("a.csv", "x\n2\n");
  assert.deepEqual(await statuses(), all.slice(1));
  target.remove("a.csv");
  assert.deepEqual(await statuses(), all);
});

unfetched("not fetched: adding the same content brings the bytes", async ({ source, target }) => {
  target.write("a.csv", "x\n2\n");
  target.write("f.zarr/0", "zero\n");
  await target.lamin("status"); // which remembers what it found
  const added = await target.json("add", ".");
  assert.deepEqual(added.map(({ status, key }) => [status, key]), [
    ["updated", "a.csv"],
    ["updated", "f.zarr"],
  ]);
  assert.equal((await target.json("list", "artifact")).length, 2);
  assert.equal(await target.lamin("cat", "a.csv"), "x\n2\n");
  assert.equal(await target.lamin("cat", "f.zarr/0"), "zero\n");
  assert.match((await target.run("cat", "a.csv@0")).stderr, /not fetched/);
  const again = await target.json("add", ".");
  assert.deepEqual(again.map(({ status }) => status), ["unchanged", "unchanged"]);
  const checked = await target.run("fsck", "--deep");
  assert.deepEqual([checked.code, /unrecorded/.test(checked.stdout)], [0, false], checked.stdout);
  assert.equal(objectsIn(target.stored).length, objectsIn(source.stored).length - 1);
});

unfetched("fetch: the latest, all, or some, as one operation", async (pair) => {
  const { target } = pair;
  await both(pair, async (source, instance) => {
    const latest = await selectToFetch(instance, "latest");
    assert.deepEqual(latest.toFetch.map(({ key, remote }) => [key, remote]), [
      ["f.zarr", "lab"],
      ["a.csv", "lab"],
    ]);
    const named = await selectToFetch(instance, { references: ["a.csv@0"] });
    assert.deepEqual(named.toFetch.map(({ size }) => size), [4]);
    const parts = [{
      source: new InstanceSource(source),
      uids: latest.toFetch.map(({ uid }) => uid),
    }];
    const { fetched, operation: uid } = await fetchContents(instance, parts, {
      operation,
      dryRun: false,
    });
    assert.deepEqual([fetched.length, typeof uid], [2, "string"]);
    assert.equal((await selectToFetch(instance, "all")).toFetch.length, 1);
  });
  assert.equal(await target.lamin("cat", "f.zarr/0"), "zero\n");
  assert.match(await target.lamin("op", "log"), /2 artifacts fetched/);
});

unfetched("fetch: undo says that bytes stay, and undoes what was before it", async (pair) => {
  const { source, target } = pair;
  await target.lamin("fetch", "--all", "--from", source.root);
  const refused = await target.run("undo");
  assert.equal(refused.code, 1, refused.stderr);
  assert.match(refused.stderr, /cannot undo fetch .*: it brought bytes .* and changed no record/);
  assert.match(refused.stderr, /'lamin gc' collects them.*; 'lamin undo \w{12}' is for .* pull/);
  const [, pulled] = await target.json("op");
  await target.lamin("undo", pulled.uid);
  assert.deepEqual(await target.json("list", "artifact"), []);
  assert.match(await target.lamin("gc", "--grace", "0", "--apply"), /deleted: 3 objects/);
});

unfetched("fetch: the verb", async ({ source, target }) => {
  const nowhere = await target.run("fetch", "a.csv");
  assert.deepEqual([nowhere.code, /say which remote/.test(nowhere.stderr)], [2, true]);
  assert.equal((await target.run("fetch")).code, 2);
  assert.equal((await target.run("fetch", "--all", "a.csv")).code, 2);
  assert.equal((await target.run("fetch", "a.csv", "--from", "lap")).code, 1);
  const planned = await target.lamin("fetch", "--all", "--dry-run", "--from", source.root);
  assert.match(planned, /3 artifacts would be fetched \(3 objects, 13 B\)/);
  assert.match((await target.run("cat", "a.csv")).stderr, /not fetched/);
  const [fetched] = await target.json("fetch", "a.csv", "--from", source.root);
  assert.deepEqual(
    [fetched.status, fetched.key, fetched.size, fetched.remote, fetched.why],
    ["fetched", "a.csv", 4, "lab", null],
  );
  assert.match(await target.lamin("fetch", "a.csv"), /Nothing to fetch, 1 artifact here/);
  assert.match(
    await target.lamin("fetch", "--latest", "--from", source.root),
    /fetched f\.zarr .*\n1 artifact fetched \(1 object, 5 B\)/,
  );
  for (const path of objectsIn(source.stored)) {
    Deno.removeSync(`${source.stored}/.lamindb/objects/${path}`);
  }
  const gone = await target.run("fetch", "--all", "--from", source.root);
  assert.deepEqual([gone.code, /not fetched: the bytes of a\.csv/.test(gone.stderr)], [13, true]);
});
