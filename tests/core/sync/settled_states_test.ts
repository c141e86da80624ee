/** That there is nothing to push is known without looking, and never where there is something. */

import assert from "node:assert/strict";
import { changeDatabase } from "../../open_instance.ts";
import { test } from "../../skip.ts";
import { onlySqlite } from "../../test_database.ts";
import { type Lab, withLabs } from "./two_labs.ts";

async function withPushed(work: (here: Lab, there: Lab) => Promise<void>): Promise<void> {
  await withLabs(["here", "there"], async (here, there) => {
    await here.lamin("init", "--name", "here");
    await there.lamin("init", "--name", "there");
    here.write("raw/a.csv", "x\n1\n");
    await here.lamin("add", "raw");
    await here.lamin("remote", "add", "origin", there.root);
    await here.lamin("push");
    await work(here, there);
  });
}

const settledOf = ({ root }: Lab) => Deno.readTextFileSync(`${root}/.lamindb/synced.json`);

test("settled: after the first push nothing is compared again", onlySqlite, async () => {
  await withPushed(async (here, there) => {
    const known = settledOf(here);
    const before = Deno.readFileSync(`${here.root}/.lamindb/lamin.db`);
    assert.match(await here.lamin("push"), /nothing new/);
    assert.equal(settledOf(here), known);
    assert.deepEqual(Deno.readFileSync(`${here.root}/.lamindb/lamin.db`), before);
    assert.match(await there.lamin("list", "artifact"), /raw\/a\.csv/);
  });
});

test("settled: whoever changes one of the sides is seen", onlySqlite, async () => {
  await withPushed(async (here, there) => {
    const rename = (name: string) =>
      `UPDATE lamindb_artifact SET description = '${name}' WHERE key = 'raw/a.csv'`;
    changeDatabase(`${here.root}/.lamindb/lamin.db`, rename("as Python would"));
    await here.lamin("push");
    assert.match(await there.lamin("show", "raw/a.csv"), /as Python would/);
    const settled = settledOf(here);
    changeDatabase(`${there.root}/.lamindb/lamin.db`, rename("there"));
    await here.lamin("push");
    assert.notEqual(settledOf(here), settled);
  });
});
