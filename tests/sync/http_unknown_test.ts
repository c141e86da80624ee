/** Tables that no registry defines, over HTTP, by the real program as the server. */

import { deepEqual, equal, match, throws } from "node:assert/strict";
import type { Json } from "../../core/sync/wire/json.ts";
import { unknownIn, unknownLines } from "../../core/sync/wire/unknown_json.ts";
import { digestsOf } from "../core/sync/digests.ts";
import { type Lab, withLabs } from "../core/sync/two_labs.ts";
import { ask, change, type Engine, wetlabRows, wetlabStatements } from "../core/sync/wetlab.ts";
import { sayWith, withServed } from "./served.ts";

/** With a column of a type that only engines of one kind have. */
const odd = (engine: Engine) =>
  engine === "sqlite"
    ? "CREATE TABLE lab_odd (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, content blob)"
    : "CREATE TABLE lab_odd (id integer NOT NULL PRIMARY KEY, content bytea)";

const migrated =
  "INSERT INTO django_migrations (app, name, applied) VALUES ('wetlab', '0001', '2026-01-01')";

Deno.test(
  "http: rows of modules that nobody knows are cloned, pushed and pulled",
  async () => {
    await withLabs(["alpha", "beta"], async (alpha, beta) => {
      await alpha.lamin("init");
      alpha.write("a.csv", "x\n1\n");
      await alpha.lamin("add", "a.csv");
      await change(
        alpha,
        (engine) => [...wetlabStatements(engine), ...wetlabRows(engine), odd(engine)],
      );
      await change(alpha, () => [migrated]);
      await withServed(alpha, async (served) => {
        const clone: Lab = { ...beta, root: `${beta.root}/atlas` };
        const run = async (lab: Lab, token: string, ...words: string[]) => {
          const { code, stdout, stderr } = await sayWith(lab, token, ...words, "--json");
          equal(code, 0, stderr);
          return JSON.parse(stdout);
        };
        const cloned = await run(beta, served.readToken, "clone", served.url, "atlas");
        deepEqual(cloned.cannot_carry.map(({ table }: { table: string }) => table), ["lab_odd"]);
        deepEqual(await digestsOf(clone), await digestsOf(alpha));
        const rename = "UPDATE wetlab_compound SET molweight = 0.5 WHERE uid = 'compoundBBBBBB'";
        await change(clone, () => [rename]);
        await change(clone, () => ["DELETE FROM wetlab_compound_parents"]);
        const pushed = await run(clone, served.writeToken, "push");
        deepEqual([pushed.changed, pushed.cannot_carry, pushed.conflicts], [1, [], []]);
        deepEqual(await digestsOf(clone), await digestsOf(alpha));
        equal((await ask(alpha, "SELECT 1 FROM wetlab_compound_parents")).length, 0);
        const told = await sayWith(beta, served.readToken, "clone", served.url, "told");
        match(
          told.stderr,
          /Python sees the records of wetlab after 'lamin config set modules wetlab'/,
        );
        await clone.lamin("-C", clone.root, "config", "set", "modules", "wetlab");
        const chosen = await run(beta, served.readToken, "clone", served.url, "few", "key=a.csv");
        equal(chosen.records, 2, "the artifact and its compound");
      });
    });
  },
);

const column = {
  name: "uid",
  declared: "text",
  type: { type: "text" },
  nullable: false,
  isComputed: false,
} as const;
const table = {
  name: "lab_x",
  kind: "table",
  columns: [{ ...column, default: "it's" }, { ...column, name: "n", type: undefined }],
  primary: ["id"],
  indexes: [{ columns: ["uid"], isUnique: true }],
  references: [{ column: "uid", table: "lab_y", to: "id" }],
} as const;
const found = {
  tables: [table],
  others: ["lab_z"],
  alike: ["lab_x"],
  migrations: [{ app: "lab", name: "0001" }],
};

Deno.test("what is told of tables over a connection is read as it was, or refused", () => {
  const sent = JSON.parse(JSON.stringify(unknownLines(found))) as Json[];
  deepEqual(unknownIn(sent), found);
  const with_ = (change: Record<string, Json>) => {
    const [head, one] = sent as [Json, { columns: Json[] }];
    return [head, { ...one, columns: [{ ...(one.columns[0] as object), ...change }] }] as Json[];
  };
  for (
    const change of [
      { type: "blob" },
      { type: "toString" },
      { type: "integer", default: "1); DROP TABLE lamindb_artifact; --" },
      { type: "integer", default: { toString: "x" } },
      { type: "boolean", default: "true); --" },
      { type: "varchar", length: -1 },
      { type: "text", length: 3 },
      { name: 7 },
    ] as Record<string, Json>[]
  ) {
    throws(() => unknownIn(with_(change)), { code: "failed" }, JSON.stringify(change));
  }
  throws(() => unknownIn([]), { code: "failed" });
  throws(() => unknownIn([sent[0]!, ...Array(501).fill(sent[1])]), { code: "failed" });
});
