import assert from "node:assert/strict";
import { withInstance } from "../lamin.ts";
import { withRaw } from "../raw_database.ts";

Deno.test("save: code becomes transforms, all else artifacts, in one command", async () => {
  await withInstance(async ({ write, json, lamin, run, root }) => {
    write("qc.py", 'api_key = "S3CRET"\nprint(1)\n');
    write("counts.csv", "a\n1\n");
    const planned = await json("save", "qc.py", "counts.csv", "--dry-run");
    assert.deepEqual(planned.map(({ status, uid }) => [status, uid]), [
      ["added", null],
      ["added", null],
    ]);
    assert.deepEqual(await json("list", "transform"), []);
    const saved = await json("save", "qc.py", "counts.csv");
    assert.deepEqual(saved.map(({ status, key, kind }) => [status, key, kind]), [
      ["added", "qc.py", "script"],
      ["added", "counts.csv", null],
    ]);
    assert.equal(saved[0].source_code, 'api_key = "***REDACTED***"\nprint(1)\n');
    const text = await lamin("save", "qc.py");
    assert.match(text, /^ {2}unchanged {3}qc\.py \w{12}0000 \(0000\) script\n$/);
    write("qc.py", "print(2)\n");
    const [next] = await json("save", `${root}/qc.py`, "-m", "quality control");
    assert.deepEqual([next.status, next.description], ["new version", "quality control"]);
    assert.equal(next.uid, saved[0].uid.slice(0, 12) + "0001");
    const [file] = await json("save", "qc.py", "--registry", "artifact");
    assert.deepEqual([file.status, file.suffix], ["added", ".py"]);
    const keyed = await run(["save", "qc.py", "--key", "other.py"]);
    assert.match(keyed.stderr, /--key is not used for transforms/);
    const verbs = (await json("op", "log")).map(({ verb }) => verb);
    assert.deepEqual(verbs.slice(0, 3), ["add", "save", "add"]);
  });
});

Deno.test("save: a renamed script keeps its transform, a copy has one of its own", async () => {
  await withInstance(async ({ write, json, path }) => {
    write("old.py", "print(1)\n");
    const [first] = await json("save", "old.py");
    write("copy.py", "print(1)\n");
    const [copy] = await json("save", "copy.py");
    assert.notEqual(copy.uid.slice(0, 12), first.uid.slice(0, 12));
    Deno.renameSync(path("old.py"), path("new.py"));
    const [renamed] = await json("save", "new.py");
    assert.deepEqual([renamed.status, renamed.uid, renamed.key], ["updated", first.uid, "new.py"]);
  });
});

Deno.test("save: what cannot be saved as code is refused, and nothing of the rest is", async () => {
  await withInstance(async ({ write, json, run }) => {
    write("good.py", "1\n");
    write("bad.ipynb", "{}");
    write("bytes.R", Uint8Array.of(255, 254));
    write("data.csv", "a\n");
    const refused = async (...words: string[]) => {
      const { code, stderr } = await run(["save", ...words]);
      assert.notEqual(code, 0);
      return stderr;
    };
    assert.match(await refused("good.py", "bad.ipynb"), /bad\.ipynb is no notebook of Jupyter/);
    assert.match(await refused("good.py", "bytes.R"), /bytes\.R is no text in UTF-8/);
    assert.match(await refused("good.py", "missing.py"), /there is no file .*missing\.py/);
    assert.match(
      await refused("data.csv", "--registry", "transform"),
      /cannot be saved as a trans/,
    );
    assert.deepEqual(await json("list", "transform"), []);
  });
});

Deno.test("save: notebooks have a report, which follows what they show", async () => {
  await withInstance(async ({ write, json, lamin, run }) => {
    const notebook = (shown: string) =>
      JSON.stringify({
        nbformat: 4,
        cells: [
          { cell_type: "markdown", metadata: {}, source: "# Counts" },
          {
            cell_type: "code",
            metadata: {},
            source: "count()",
            execution_count: 1,
            outputs: [{ output_type: "stream", name: "stdout", text: shown }],
          },
        ],
      });
    write("counts.ipynb", notebook("42"));
    const [saved] = await json("save", "counts.ipynb");
    assert.deepEqual([saved.kind, saved.description, saved.source_code], [
      "notebook",
      "Counts",
      "# %% [markdown]\n#\n\n# %%\ncount()\n",
    ]);
    const report = async () => {
      const [{ uid }] = await json("list", "run");
      const [{ report_id, _is_consecutive }] = await json("show", "run", uid);
      assert.equal(_is_consecutive, true);
      const [{ uid: artifact }] = await json("list", "artifact", `id=${report_id}`);
      return await lamin("cat", artifact);
    };
    assert.match(await report(), /<pre class="shown">42<\/pre>/);
    assert.equal((await json("save", "counts.ipynb"))[0].status, "unchanged");
    // The same code showed something else: the version stays, its run has another report.
    write("counts.ipynb", notebook("43"));
    assert.deepEqual((await json("save", "counts.ipynb")).map((row) => [row.status, row.uid]), [
      ["updated", saved.uid],
    ]);
    assert.match(await report(), /<pre class="shown">43<\/pre>/);
    assert.equal((await json("list", "run")).length, 1);

    write("r.Rmd", '---\ntitle: "In R"\n---\n');
    assert.equal((await json("save", "r.Rmd"))[0].description, "In R");
    write("r.html", "<title>A page</title><h1 class='x'>A page</h1>text");
    assert.equal((await json("save", "r.Rmd"))[0].description, "A page");
    assert.equal((await json("list", "run")).length, 2);
    write("r.nb.html", "x");
    assert.match((await run(["save", "r.Rmd"])).stderr, /there are two reports/);
    assert.deepEqual(await json("fsck"), []);
  });
});

Deno.test("save: code and data belong to a project where one is named", async () => {
  await withInstance(async ({ write, json, run, root }) => {
    write("qc.py", "print(1)\n");
    write("counts.csv", "a\n");
    const unknown = await run(["save", "qc.py", "--project", "Atlas"]);
    assert.match(unknown.stderr, /there is no project 'Atlas'/);
    assert.deepEqual(await json("list", "transform"), []);
    withRaw(root, (database) =>
      database.run(
        `INSERT INTO lamindb_project (uid, name, is_type, is_locked, _status_code, created_at,
           updated_at, created_by_id, branch_id, created_on_id, space_id)
         VALUES ('project00000', 'Atlas', FALSE, FALSE, 0, ?, ?, 1, 1, 1, 1)`,
        "2026-01-01 00:00:00",
        "2026-01-01 00:00:00",
      ));
    for (let time = 0; time < 2; time++) {
      await json("save", "qc.py", "counts.csv", "--project", "Atlas");
      const [{ relations }] = await json("show", "project", "Atlas");
      // deno-lint-ignore no-explicit-any
      const names = (rows: any[]) => rows.map(({ name }) => name);
      assert.deepEqual(names(relations.transforms), ["qc.py"]);
      assert.deepEqual(names(relations.artifacts), ["counts.csv"]);
    }
  });
});
