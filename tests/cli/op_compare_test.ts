import assert from "node:assert/strict";
import { exitCode } from "../../cli/exit.ts";
import { withPythonInstance } from "../lamin.ts";
import { changeDatabase } from "../open_instance.ts";
import { type Atlas, atlasAt, withAtlas } from "./atlas.ts";
import { say } from "./in_process.ts";
import { test } from "../skip.ts";
import { onlySqlite } from "../test_database.ts";

/** Runs `work` on an instance with a version of `a.txt`, and on a copy of its folder. */
async function withCopy(work: (atlas: Atlas, copy: Atlas) => Promise<void>): Promise<void> {
  await withAtlas(async (atlas) => {
    await add(atlas, "a.txt", "first");
    await work(atlas, await copyOf(atlas));
  });
}

async function copyOf({ root, home }: Atlas): Promise<Atlas> {
  const { success } = await new Deno.Command("cp", { args: ["-r", root, `${root}2`] }).output();
  assert.ok(success);
  return atlasAt(`${root}2`, home);
}

async function add(atlas: Atlas, key: string, content: string): Promise<void> {
  atlas.write(key, content);
  await atlas.lamin("add", key);
}

const database = ({ root }: Atlas) => `${root}/.lamindb/lamin.db`;

/** What one says of the other, as JSON, and the exit code where differences were asked for. */
async function compare(atlas: Atlas, other: Atlas) {
  const words = ["op", "compare", other.root, "--exit-code"];
  const { code, stdout, stderr } = await atlas.run(...words, "--json");
  assert.equal(stderr, "");
  const said = JSON.parse(stdout);
  assert.equal(said.is_different, code === exitCode.different);
  return said;
}

/** Everything below `.lamindb` of a folder, so that a trace of a reader shows. */
function traces({ root }: Atlas): string[] {
  return [...Deno.readDirSync(`${root}/.lamindb`)].map(({ name }) => {
    const { mtime, size } = Deno.statSync(`${root}/.lamindb/${name}`);
    return `${name} ${size} ${mtime?.getTime()}`;
  }).sort();
}

test("op compare: the same, ahead, behind, diverged since an operation", onlySqlite, async () => {
  await withCopy(async (atlas, copy) => {
    const same = await compare(atlas, copy);
    assert.deepEqual([same.relation, same.shared, same.is_different], ["same", 1, false]);
    assert.match(
      await atlas.lamin("op", "compare", "../atlas2"),
      /^the same as .*atlas2: 1 operation/,
    );

    await add(atlas, "b.txt", "of the first");
    const ahead = await compare(atlas, copy);
    assert.deepEqual([ahead.relation, ahead.ahead, ahead.behind], ["ahead", 1, 0]);
    assert.deepEqual(ahead.operations_here[0].command, ["add", "b.txt"]);
    const behind = await compare(copy, atlas);
    assert.deepEqual([behind.relation, behind.ahead, behind.behind], ["behind", 0, 1]);
    assert.match(await copy.lamin("op", "compare", atlas.root), /atlas is ahead of this one by 1/);

    await add(copy, "c.txt", "of the copy");
    await add(copy, "d.txt", "of the copy");
    const diverged = await compare(atlas, copy);
    assert.deepEqual([diverged.relation, diverged.ahead, diverged.behind], ["diverged", 1, 2]);
    const [first] = (await atlas.json("op", "log")).slice(-1);
    assert.equal(diverged.shared_until.uid, first.uid);
    assert.deepEqual([diverged.conflicts, diverged.unlogged], [0, []]);
    const text = await atlas.lamin("op", "compare", copy.root, "-n", "1");
    assert.match(
      text,
      new RegExp(`diverged from .* since add ${first.uid} at .*: 1 operation here, 2`),
    );
    assert.match(text, /only there:\n.*1 added: d\.txt\n {2}… and 1 older \(-n 0 shows all\)/);
  });
});

test("op compare: a uid that both gave to other content is named", onlySqlite, async () => {
  await withCopy(async (atlas, copy) => {
    await add(atlas, "a.txt", "second here");
    await add(copy, "a.txt", "second there");
    const { relation, conflicts, conflicting } = await compare(atlas, copy);
    assert.deepEqual([relation, conflicts], ["diverged", 1]);
    assert.deepEqual([conflicting[0].key, conflicting[0].uid.slice(-4)], ["a.txt", "0001"]);
    assert.match(
      await atlas.lamin("op", "compare", copy.root),
      /1 uid means other content there:\n/,
    );
    // The same content by itself is no conflict.
    await copy.lamin("undo");
    await add(copy, "a.txt", "second here");
    assert.equal((await compare(atlas, copy)).conflicts, 0);
  });
});

test("op compare: what changed without an operation is told by its table", onlySqlite, async () => {
  await withCopy(async (atlas, copy) => {
    changeDatabase(database(copy), "UPDATE lamindb_artifact SET description = 'by Python'");
    changeDatabase(
      database(copy),
      `INSERT INTO lamindb_ulabel (uid, name, is_type, created_at, updated_at, created_by_id,
         branch_id, created_on_id, space_id, is_locked)
       VALUES ('abcdefgh', 'by Python', 0, '2026-01-01', '2026-01-01', 1, 1, 1, 1, 0)`,
    );
    const said = await compare(atlas, copy);
    assert.equal(said.relation, "same");
    assert.deepEqual(said.unlogged, [
      { table: "lamindb_ulabel", only_here: 0, only_there: 1, changed: 0, names: ["by Python"] },
      { table: "lamindb_artifact", only_here: 0, only_there: 0, changed: 1, names: ["a.txt"] },
    ]);
    assert.match(
      await atlas.lamin("op", "compare", copy.root),
      /the same 1 operation as .*, but other rows\nrows differ that .*\n.*\n.*1 changed \(a\.txt\)/,
    );
    // Operations that change other columns of the row, or make other rows, do not hide it.
    await add(atlas, "a.txt", "second");
    await add(copy, "b.txt", "more");
    const later = await compare(atlas, copy);
    assert.equal(later.relation, "diverged");
    assert.deepEqual(later.unlogged, said.unlogged);
    assert.deepEqual((await compare(copy, atlas)).unlogged[0].only_here, 1);
  });
});

test(
  "op compare: a row without an operation is told though another one got its id here",
  onlySqlite,
  async () => {
    await withCopy(async (atlas, copy) => {
      await add(copy, "of_python.txt", "there");
      // Without its operation it is what Python leaves.
      changeDatabase(
        database(copy),
        "DELETE FROM lamin_change WHERE operation_id = 2; DELETE FROM lamin_operation WHERE id = 2",
      );
      await add(atlas, "of_lamin.txt", "here");
      const { relation, unlogged } = await compare(atlas, copy);
      assert.equal(relation, "ahead");
      assert.deepEqual(unlogged, [{
        table: "lamindb_artifact",
        only_here: 0,
        only_there: 1,
        changed: 0,
        names: ["of_python.txt"],
      }]);
      assert.deepEqual((await compare(copy, atlas)).unlogged[0].only_here, 1);
    });
  },
);

test(
  "op compare: what operations deleted, moved and brought back is explained by them",
  onlySqlite,
  async () => {
    await withCopy(async (atlas, copy) => {
      await atlas.lamin("rm", "--permanent", "--force", "a.txt");
      assert.deepEqual((await compare(atlas, copy)).unlogged, []);
      assert.deepEqual((await compare(copy, atlas)).unlogged, []);
      await atlas.lamin("undo");
      await atlas.lamin("mv", "a.txt", "b.txt");
      await add(copy, "a.txt", "second");
      const { relation, unlogged, conflicts } = await compare(atlas, copy);
      assert.deepEqual([relation, unlogged, conflicts], ["diverged", [], 0]);
    });
  },
);

test("op compare: nothing is written into the other folder", onlySqlite, async () => {
  await withCopy(async (atlas, copy) => {
    const before = traces(copy);
    await compare(atlas, copy);
    assert.deepEqual(traces(copy), before);
  });
});

test(
  "op compare: another instance, this one, none, and words that are missing",
  onlySqlite,
  async () => {
    await withAtlas(async (atlas) => {
      const other = `${atlas.root}-other`;
      // Of the same name, as on another machine: only the storage tells them apart.
      const home = `${atlas.home}-other`;
      Deno.mkdirSync(home);
      Deno.mkdirSync(other);
      assert.equal((await say({ folder: other, home }, "init", "--name", "atlas")).code, 0);
      const said = await compare(atlas, atlasAt(other, home));
      assert.equal(said.relation, "other instance");
      assert.equal(said.here.id, said.there.id);
      assert.notEqual(said.here.storage_uid, said.there.storage_uid);
      assert.match(await atlas.lamin("op", "compare", other), /is another instance: /);

      const itself = await atlas.run("op", "compare", ".");
      assert.deepEqual([itself.code, /this very instance/.test(itself.stderr)], [2, true]);
      assert.equal((await atlas.run("op", "compare", "/nowhere")).code, exitCode.noInstance);
      assert.equal((await atlas.run("op", "compare")).code, 2);
      assert.match(
        (await atlas.run("op", "compar", "x")).stderr,
        /did you mean 'lamin op compare'/,
      );
    });
  },
);

test(
  "op compare: a hostile copy is an error in a sentence, or shown harmless",
  onlySqlite,
  async () => {
    await withCopy(async (atlas, copy) => {
      await add(copy, "b.txt", "more");
      const path = database(copy);
      changeDatabase(
        path,
        `UPDATE lamin_operation SET verb = char(27) || '[2Jevil', uid = char(27) || 'c', summary = '
forged', created_at = char(27) || ']0;x' WHERE id = 2`,
      );
      const shown = await atlas.lamin("op", "compare", copy.root);
      assert.ok(!shown.includes("\x1b") && !shown.includes("\nforged"), shown);

      changeDatabase(path, "UPDATE lamindb_artifact SET size = 9223372036854775807");
      await refused(atlas, copy);
      changeDatabase(path, "UPDATE lamindb_artifact SET size = 1, key = x'ff00'");
      assert.match(await atlas.lamin("op", "compare", copy.root), /artifact: 1 changed/);
      changeDatabase(path, "ALTER TABLE lamindb_feature RENAME COLUMN name TO other_name");
      await refused(atlas, copy);
      Deno.writeTextFileSync(
        path,
        "no database at all, but long enough to look like one".repeat(40),
      );
      await refused(atlas, copy);
    });
  },
);

async function refused(atlas: Atlas, copy: Atlas): Promise<void> {
  const { code, stdout, stderr } = await atlas.run("op", "compare", copy.root);
  assert.deepEqual([code, stdout], [exitCode.damaged, ""], stderr);
  assert.match(stderr, /^✗ [^\n]+\n {2}[^\n]+\n$/);
}

Deno.test("op compare: a copy of another version of LaminDB is compared as far as it goes", async () => {
  await withPythonInstance("lamindb-1.1.0", async ({ root, home }) => {
    const old = atlasAt(root, home);
    const said = await compare(old, await copyOf(old));
    assert.deepEqual([said.relation, said.shared, said.unlogged], ["same", 0, []]);
  });
});
