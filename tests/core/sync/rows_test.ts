import { equal } from "node:assert/strict";
import { carry, planned, withLabs } from "./two_labs.ts";

Deno.test("rows of one lab come to another, once", async () => {
  await withLabs(["alpha", "beta"], async (alpha, beta) => {
    await alpha.lamin("init", "--name", "alpha");
    await beta.lamin("init", "--name", "beta");
    alpha.write("raw/a.csv", "x,y\n1,2\n");
    alpha.write("raw/b.csv", "x,y\n3,4\n");
    await alpha.lamin("add", "raw");
    const first = await carry(alpha, beta);
    equal(first.conflicts.length, 0);
    equal(first.records, 2);
    const keys = (await beta.json("list", "artifact", "--order", "key")).map(({ key }) => key);
    equal(keys.join(), "raw/a.csv,raw/b.csv");
    const again = await carry(alpha, beta);
    equal(again.operation, undefined);
    equal(again.isNothing, true);
    const back = await carry(beta, alpha);
    equal(back.operation, undefined);
    alpha.write("raw/a.csv", "x,y\n1,3\n");
    await alpha.lamin("add", "raw/a.csv");
    const newer = await carry(alpha, beta);
    equal(newer.records, 1);
    const latest = await beta.json("list", "artifact", "key=raw/a.csv");
    equal(latest.length, 1);
    const all = await beta.json("list", "artifact", "key=raw/a.csv", "--all-versions");
    equal(all.length, 2);
    equal((await planned(alpha, beta)).isNothing, true);
    equal((await planned(beta, alpha)).isNothing, true);
  });
});
