import assert from "node:assert/strict";
import { fileFacts, fixturePath } from "../core/python_corpus.ts";
import { withInstance, withPythonInstance, type Workspace } from "../lamin.ts";
import { test } from "../skip.ts";
import { noPython, python } from "./python.ts";

/** What tests/interop/scripts/offline.py says of an artifact. */
interface Facts {
  readonly uid: string;
  readonly key: string | null;
  readonly suffix: string;
  readonly otype: string | null;
  readonly size: number;
  readonly hash: string;
  readonly hash_type: string;
  readonly n_files: number | null;
  readonly exists: boolean;
}

const fixtures: Readonly<Record<string, string>> = {
  "tables/iris.csv": "tables/iris.csv",
  "tables/iris_zstd.parquet": "tables/iris_zstd.parquet",
  "pbmc.h5ad": "anndata/csc_int16.h5ad",
  "pbmc.zarr": "anndata/pbmc_v2.zarr",
};

async function fill({ root, write, lamin }: Workspace): Promise<void> {
  Deno.mkdirSync(`${root}/tables`);
  for (const [key, fixture] of Object.entries(fixtures)) {
    const copied = await new Deno.Command("cp", {
      args: ["-r", fixturePath(fixture), `${root}/${key}`],
    }).output();
    assert.ok(copied.success);
  }
  write("notes.txt", "first\n");
  write("rename_me.txt", "a name\n");
  write("tiles/a.txt", "a of lamin");
  await lamin("add", "--as", "folder", "tiles");
  await lamin("add", "tables", "pbmc.h5ad", "pbmc.zarr", "notes.txt", "rename_me.txt");
  write("notes.txt", "second\n");
  await lamin("add", "notes.txt");
}

test("interop: Python uses an instance that lamin made, then lamin goes on", noPython, async () => {
  await withInstance(async (workspace) => {
    await fill(workspace);
    const facts = await python(workspace, "use_instance.py");
    assert.equal(facts.slug, "anonymous/atlas");
    assert.equal(facts.sources, 43);
    assert.deepEqual(facts.pending_migrations, []);
    const seen = new Map(facts.artifacts.map((row: Facts) => [row.key, row] as const));
    for (const [key, fixture] of Object.entries(fixtures)) {
      const row = seen.get(key) as Facts;
      const { sha256: _, ...expected } = fileFacts.files[fixture]!;
      const { size, hash, hash_type, n_files, suffix, otype } = row;
      assert.deepEqual({ size, hash, hash_type, n_files, suffix, otype }, expected, key);
      assert.ok(row.exists);
    }
    assert.deepEqual([facts.csv, facts.parquet], [[150, 5], [150, 5]]);
    assert.deepEqual([facts.h5ad, facts.zarr], [[60, 90], [60, 50]]);
    assert.deepEqual(facts.version_texts, ["first\n", "second\n"]);
    const stem = facts.versions[0].slice(0, 16);
    assert.deepEqual(facts.versions, [`${stem}0000`, `${stem}0001`]);
    assert.deepEqual([facts.new_version.uid, facts.new_version.is_latest], [`${stem}0002`, true]);
    assert.equal(facts.old_folder_text, "a of lamin");
    assert.ok(facts.recognised);
    assert.deepEqual(facts.labelled, ["pbmc.h5ad"]);
    assert.equal(facts.renamed.key, "renamed.txt");
    await laminGoesOn(workspace, stem);
  }, ["--modules", "bionty"]);
});

async function laminGoesOn({ json, lamin, run, write }: Workspace, stem: string): Promise<void> {
  assert.equal(await lamin("cat", "notes.txt"), "from python\n");
  assert.equal(await lamin("cat", "notes.txt@0000"), "first\n");
  assert.equal(await lamin("cat", "tiles", "--path", "a.txt"), "a of python");
  assert.deepEqual((await json("list", "artifact", "ulabels__name=checked")).map((r) => r.key), [
    "pbmc.h5ad",
  ]);
  assert.deepEqual(
    (await json("list", "artifact", "cell_types__name=my cell")).map((row) => row.key),
    ["pbmc.h5ad"],
  );
  assert.match(await lamin("show", "pbmc.h5ad"), /my cell/);
  const status = (await json("status")).map(({ path, status }) => `${status} ${path}`);
  assert.ok(status.includes("modified notes.txt"), status.join("\n"));
  assert.match(await lamin("log", "notes.txt"), new RegExp(`${stem}0002`));
  write("notes.txt", "third of lamin\n");
  const [added] = await json("add", "notes.txt");
  assert.equal(added.uid, `${stem}0003`);
  await lamin("restore", "tables/iris_zstd.parquet");
  const checked = await run(["fsck", "--deep"]);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
}

test(
  "interop: lamin works in an instance that Python made, then Python goes on",
  noPython,
  async () => {
    await withPythonInstance("lamindb-2.12.1", async (workspace) => {
      const { json, lamin, write, root } = workspace;
      await lamin("connect", root);
      write("ours/new.txt", "ours\n");
      write("notes/notes.txt", "fourth, by lamin\n");
      await lamin("add", "ours", "notes");
      await lamin("rm", "seqs/ls_orchid.fasta");
      await lamin("mv", "models/clf.yaml", "models/classifier.yaml");
      await lamin("rm", "misc/empty.txt");
      await lamin("undo");
      const facts = await python(workspace, "read_back.py", "ours/new.txt", "notes/notes.txt");
      assert.deepEqual(facts.texts, {
        "ours/new.txt": "ours\n",
        "notes/notes.txt": "fourth, by lamin\n",
      });
      assert.ok(facts.trash.includes("seqs/ls_orchid.fasta"));
      assert.ok(!facts.trash.includes("misc/empty.txt"));
      assert.ok(
        facts.artifacts.some((row: Facts) => row.key === "models/classifier.yaml" && row.exists),
      );
      const heads = facts.heads.map(([uid, branch]: [string, number]) =>
        `${uid.slice(0, 16)} ${branch}`
      );
      assert.equal(new Set(heads).size, heads.length, "one head for each family on each branch");
      // Both see the same artifacts.
      const ours = await json(
        "list",
        "artifact",
        "--limit",
        "0",
        "--all-versions",
        "--branch",
        "all",
      );
      const theirs = facts.artifacts as { uid: string; key: string | null }[];
      const visible = new Set(ours.map((row) => row.uid));
      for (const row of theirs) {
        if (row.key !== null) assert.ok(visible.has(row.uid), `${row.uid} ${row.key}`);
      }
    });
  },
);
