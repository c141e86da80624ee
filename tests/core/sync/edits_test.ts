import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import { withRaw } from "../../raw_database.ts";
import { carry, type Lab, planned, withLabs } from "./two_labs.ts";
import { ask } from "./wetlab.ts";

/** Two labs, of which the second has what the first one has. */
async function withClones(work: (alpha: Lab, beta: Lab) => Promise<void>): Promise<void> {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha.lamin("init", "--name", "alpha");
    await beta.lamin("init", "--name", "beta");
    alpha.write("raw/a.csv", "x,y\n1,2\n");
    alpha.write("raw/b.csv", "x,y\n3,4\n");
    await alpha.lamin("add", "raw", "--description", "first");
    await carry(alpha, beta);
    await work(alpha, beta);
  });
}

Deno.test("a record that one lab changed is newer, one that both changed is named", async () => {
  await withClones(async (alpha, beta) => {
    await alpha.lamin("rm", "raw/a.csv");
    const there = await carry(alpha, beta);
    equal(there.changed, 1);
    equal((await beta.json("list", "artifact")).length, 1);
    equal((await planned(beta, alpha)).isNothing, true);
    await beta.lamin("restore", "raw/a.csv");
    const back = await carry(beta, alpha);
    equal(back.changed, 1);
    equal((await alpha.json("list", "artifact")).length, 2);
    equal((await carry(alpha, beta)).isNothing, true);
  });
});

Deno.test("versions that both labs added stay, and both see the same one as the latest", async () => {
  await withClones(async (alpha, beta) => {
    alpha.write("raw/a.csv", "alpha's\n");
    await alpha.lamin("add", "raw/a.csv");
    beta.write("raw/a.csv", "beta's\n");
    await beta.lamin("add", "raw/a.csv");
    await carry(alpha, beta);
    await carry(beta, alpha);
    const [left, right] = await Promise.all(
      [alpha, beta].map((lab) =>
        lab.json("list", "artifact", "key=raw/a.csv", "--all-versions", "--order", "uid")
      ),
    );
    const shown = (rows: typeof left) =>
      rows!.map(({ uid, hash, is_latest }) => [uid, hash, is_latest]);
    deepEqual(shown(left), shown(right));
    equal(left!.length, 3);
    equal((await planned(alpha, beta)).isNothing, true);
    equal((await planned(beta, alpha)).isNothing, true);
  });
});

Deno.test("what both labs added by themselves stays one artifact, each with its uid", async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    for (const lab of [alpha, beta]) {
      await lab.lamin("init", "--name", lab.root.split("/").at(-1)!);
      lab.write("raw/a.csv", "the same\n");
      await lab.lamin("add", "raw/a.csv");
    }
    withRaw(alpha.root, (database) =>
      database.run(
        `INSERT INTO lamindb_ulabel (uid, name, is_type, created_at, updated_at, is_locked,
           created_by_id, branch_id, created_on_id, space_id)
         VALUES ('labelaaa', 'label', FALSE, '2026-11-01 00:00:00', '2026-11-01 00:00:00', FALSE,
           1, 1, 1, 1);
         INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_at, created_by_id)
         VALUES (1, 1, '2026-11-01 00:00:00', 1)`,
      ));
    const first = await carry(alpha, beta);
    deepEqual(first.conflicts, []);
    equal(first.tables.find(({ model }) => model === "Artifact")?.known, 1);
    equal((await beta.json("list", "artifact", "ulabels__name=label")).length, 1);
    equal((await carry(beta, alpha)).isNothing, true);
    equal((await planned(alpha, beta)).isNothing, true);
    const [left, right] = [
      await alpha.json("list", "artifact"),
      await beta.json("list", "artifact"),
    ];
    equal(left.length + right.length, 2);
    notEqual(left[0].uid, right[0].uid);
  });
});

Deno.test("what changed at the source after it was cloned is newer", async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha.lamin("init", "--name", "alpha");
    alpha.write("a.csv", "x\n1\n");
    await alpha.lamin("add", "a.csv");
    await beta.lamin("clone", alpha.root, `${beta.root}/clone`);
    await alpha.lamin("add", "a.csv", "--description", "told later");
    const [pulled] = await beta.json("-C", `${beta.root}/clone`, "pull");
    deepEqual([pulled.changed, pulled.conflicts], [1, []]);
    const [row] = await beta.json("-C", `${beta.root}/clone`, "list", "artifact");
    equal(row.description, "told later");
  });
});

Deno.test("what a sync made of versions is noted with it, and nothing by the next one", async () => {
  await withClones(async (alpha, beta) => {
    for (const name of ["a", "c"]) {
      for (const content of ["1", "2"]) {
        alpha.write(`raw/${name}.csv`, content);
        await alpha.lamin("add", `raw/${name}.csv`);
      }
    }
    beta.write("raw/b.csv", "beta's\n");
    await beta.lamin("add", "raw/b.csv");
    await carry(alpha, beta);
    const notes = () =>
      ask(beta, "SELECT owner, table_name, chunk, entries FROM lamin_ledger ORDER BY 1, 2, 3");
    const noted = await notes();
    match(
      String(noted.find(({ table_name }) => table_name === "lamindb_artifact#families")!.entries),
      /:.*:/,
    );
    equal((await carry(alpha, beta)).isNothing, true);
    deepEqual(await notes(), noted);
  });
});

Deno.test("a clone with a condition that is none leaves nothing", async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha.lamin("init", "--name", "alpha");
    const { code } = await beta.say("clone", alpha.root, `${beta.root}/clone`, "id=many");
    equal(code, 2);
    deepEqual([...Deno.readDirSync(beta.root)], []);
  });
});

Deno.test("links that both labs took away, and one made again, are made again for both", async () => {
  await withClones(async (alpha, beta) => {
    const change = (lab: Lab, sql: string) => withRaw(lab.root, (database) => database.run(sql));
    const now = "'2026-11-01 00:00:00'";
    const link = `INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_at,
      created_by_id) VALUES (1, 1, ${now}, 1)`;
    change(
      alpha,
      `INSERT INTO lamindb_ulabel (uid, name, is_type, created_at, updated_at, is_locked,
         created_by_id, branch_id, created_on_id, space_id)
       VALUES ('labelaaa', 'label', FALSE, ${now}, ${now}, FALSE, 1, 1, 1, 1); ${link}`,
    );
    await carry(alpha, beta);
    for (const lab of [alpha, beta]) change(lab, "DELETE FROM lamindb_artifactulabel");
    await carry(alpha, beta);
    change(alpha, link);
    await carry(alpha, beta);
    equal((await beta.json("list", "artifact", "ulabels__name=label")).length, 1);
    equal((await planned(beta, alpha)).isNothing, true);
  });
});
