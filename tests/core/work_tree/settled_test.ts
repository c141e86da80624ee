/**
 * What the index says of the database must never differ from what the database says: after every
 * step, `status` with the index is compared with `status` of the same tree without it.
 */
import assert from "node:assert/strict";
import { timeStepMs } from "../../../store/database/sqlite_stamp.ts";
import { type Atlas, withAtlas } from "../../cli/atlas.ts";
import { say } from "../../cli/in_process.ts";
import { counted, sum } from "../../counting.ts";
import { withRaw } from "../../raw_database.ts";
import { random, seeded } from "../../seed.ts";
import { rounds } from "../../soak.ts";
import { storageOf, workIndex } from "../../test_database.ts";

/** Enough that `add` carries over what the index knows. */
const fileCount = 2100;

const fileName = (number: number) => `d${number % 7}/f${number}.txt`;

async function filled(atlas: Atlas): Promise<void> {
  for (let number = 0; number < fileCount; number++) {
    atlas.write(fileName(number), `${number}\n`);
  }
  await rest();
  await atlas.lamin("add", "-q", ".");
}

/** Until times of files and of the database differ from those that come. */
async function rest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2 * timeStepMs));
}

/** What differs, by path; what is not here counts alike, since only the index knows if it was. */
async function found(atlas: Atlas): Promise<Record<string, string>> {
  const entries = await atlas.json("status");
  const alike = (status: string) => status === "not fetched" ? "deleted" : status;
  return Object.fromEntries(entries.map(({ path, status }) => [path, alike(status)]));
}

async function agreesWithout(atlas: Atlas, step: string): Promise<void> {
  const index = atlas.path(workIndex);
  const first = await found(atlas);
  assert.deepEqual(await found(atlas), first, `${step}: asked again`);
  Deno.renameSync(index, `${index}.aside`);
  const without = await found(atlas);
  Deno.removeSync(index);
  Deno.renameSync(`${index}.aside`, index);
  assert.deepEqual(first, without, `${step}: with the index and without`);
}

/** Rows that a command reads from the database and the cache, and its statements that write. */
async function cost(atlas: Atlas, ...words: string[]) {
  const counts = await counted(async (wrap) => {
    const { code, stderr } = await say({ folder: atlas.root, home: atlas.home, wrap }, ...words);
    assert.equal(code, 0, stderr);
  });
  return { rows: counts.rows, writes: counts.writes, opened: sum(counts.open) };
}

Deno.test("settled: what did not change is not asked about, and what did is", async (t) => {
  await withAtlas(async (atlas) => {
    const { lamin, json, write, path, root } = atlas;
    await filled(atlas);
    await t.step("a clean status and the same addition again read no artifacts", async () => {
      for (const words of [["status"], ["add", "-q", "."], ["status"]]) {
        const { rows, opened } = await cost(atlas, ...words);
        assert.ok(rows < 100, `${words}: ${rows} rows`);
        assert.equal(opened, 0, `${words}: opened files`);
      }
    });
    await t.step("a few changed files cost a few rows, also after they are added", async () => {
      await rest();
      for (let number = 0; number < 10; number++) write(fileName(number), `${number} changed\n`);
      assert.ok((await cost(atlas, "status")).rows < 200);
      assert.equal((await json("status")).length, 10);
      await rest();
      assert.equal((await json("add", ".")).length, fileCount);
      assert.deepEqual(await json("status"), []);
      assert.ok((await cost(atlas, "status")).rows < 100);
    });
    await t.step("a row that another program changes is noticed", async () => {
      await rest();
      const change = (sql: string) => withRaw(root, (database) => database.run(sql));
      const where = `WHERE key = '${fileName(20)}'`;
      change(`UPDATE lamindb_artifact SET key = 'other.txt' ${where}`);
      assert.deepEqual(await found(atlas), { [fileName(20)]: "new", "other.txt": "deleted" });
      change("DELETE FROM lamin_content WHERE id = 31");
      await agreesWithout(atlas, "no content");
      await lamin("add", "-q", ".");
    });
    await t.step("an object that is gone is stored again", async () => {
      await lamin("add", "-q", ".");
      const [row] = await json("list", "artifact", `key=${fileName(40)}`);
      Deno.removeSync(`${storageOf(root)}/${row._real_key}`);
      await lamin("add", "-q", ".");
      assert.equal(await lamin("cat", fileName(40)), "40\n");
      assert.equal((await atlas.run("fsck")).code, 0);
    });
    await t.step("what is added under the key of another file hides that file", async () => {
      await rest();
      write("elsewhere.txt", "from elsewhere\n");
      await lamin("add", "elsewhere.txt", "--key", fileName(50));
      assert.equal((await found(atlas))[fileName(50)], "modified");
      await agreesWithout(atlas, "under another key");
      await lamin("add", "-q", ".");
    });
    await t.step("what is said of artifacts is said of those that did not change too", async () => {
      await lamin("add", "-q", "-m", "said", fileName(60));
      const [row] = await json("list", "artifact", `key=${fileName(60)}`);
      assert.equal(row.description, "said");
    });
    assert.ok(path(".lamindb"));
  });
});

Deno.test("settled: any steps leave the index and the database of one mind", async () => {
  await seeded(async (seed) => {
    const next = random(seed);
    const pick = (limit: number) => Math.floor(next() * limit);
    await withAtlas(async (atlas) => {
      await filled(atlas);
      const steps: Record<string, () => Promise<unknown>> = {
        edit: () => Promise.resolve(atlas.write(fileName(pick(fileCount)), `${next()}\n`)),
        create: () => Promise.resolve(atlas.write(`new/${pick(5)}.txt`, `${next()}\n`)),
        delete: () => atlas.run("rm", "-q", "--files", fileName(pick(fileCount))),
        remove: () => {
          const name = fileName(pick(fileCount));
          if (atlas.exists(name)) atlas.remove(name);
          return Promise.resolve();
        },
        add: () => atlas.run("add", "-q", "."),
        addOne: () => atlas.run("add", "-q", fileName(pick(fileCount))),
        addFolder: () => atlas.run("add", "-q", "new", "--as", "folder"),
        rm: () => atlas.run("rm", "-q", fileName(pick(fileCount))),
        get: () => atlas.run("get", "-q", fileName(pick(fileCount))),
        mv: () => atlas.run("mv", "-q", fileName(pick(fileCount)), `moved/${pick(100)}.txt`),
        undo: () => atlas.run("undo", "-q"),
        status: () => atlas.run("status"),
        rest,
      };
      const names = Object.keys(steps);
      const done: string[] = [];
      for (let count = 0; count < rounds(12, 200); count++) {
        const name = names[pick(names.length)]!;
        done.push(name);
        await steps[name]!();
        if (pick(2) === 0) await agreesWithout(atlas, done.slice(-6).join(", "));
      }
      await agreesWithout(atlas, done.slice(-6).join(", "));
    });
  });
});
