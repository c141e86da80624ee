/** What others change by SQL, as Python does, is found by the next sync, in whatever table. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { allRegistries } from "../../../cli/modules.ts";
import { shapesOf } from "../../../core/sync/open_side.ts";
import type { RowShape } from "../../../core/sync/rows/shape.ts";
import { withPythonInstance } from "../../lamin.ts";
import { changeDatabase } from "../../open_instance.ts";
import { withRaw } from "../../raw_database.ts";
import { test } from "../../skip.ts";
import { onlySqlite } from "../../test_database.ts";
import { digestsOf } from "./digests.ts";
import { carry, type Lab, planned, withLabs } from "./two_labs.ts";

/** What a plan says of tables in which anything differs. */
async function differing(from: Lab, to: Lab): Promise<Record<string, number[]>> {
  const { tables } = await planned(from, to);
  return Object.fromEntries(
    tables.map(({ table, ...one }) => [table, [one.new, one.changed, one.removed]]),
  );
}

/** An expression that is another value of a column that counts; undefined where none is free. */
function otherValue({ registry, compared, identity, references }: RowShape) {
  const free = compared.filter((name) => !identity.includes(name) && !references.has(name));
  const column = free.find((name) => registry.columns[name]!.type === "datetime") ??
    free.find((name) => registry.columns[name]!.type === "boolean");
  if (column === undefined) return undefined;
  const isTime = registry.columns[column]!.type === "datetime";
  return { column, value: isTime ? "'2001-02-03 04:05:06'" : `1 - coalesce("${column}", 0)` };
}

/** A statement that changes the last row of a table, for each table that has one. */
function changesOf({ root }: Lab): Map<string, string> {
  return withRaw(root, (raw) => {
    const changes = new Map<string, string>();
    for (const shape of shapesOf(allRegistries()).values()) {
      const { name } = shape.registry;
      const other = otherValue(shape);
      const isThere = raw.all("SELECT 1 FROM sqlite_master WHERE name = ?", name).length > 0;
      if (other === undefined || !isThere || name === "lamindb_storage") continue;
      const last = raw.all(`SELECT max(id) AS id FROM ${name}`)[0]!["id"];
      if (last === null) continue;
      const set = `"${other.column}" = ${other.value}`;
      changes.set(name, `UPDATE ${name} SET ${set} WHERE id = ${last}`);
    }
    return changes;
  });
}

test("a row that SQL changed is found, in each table and no other", onlySqlite, async () => {
  await withPythonInstance("lamindb-2.12.1", async (python) => {
    await withLabs(["here", "there"], async (here, there) => {
      for (const lab of [here, there]) await lab.lamin("init", "--modules", "bionty");
      await carry(python as unknown as Lab, here);
      await carry(here, there);
      const changes = changesOf(here);
      ok(changes.has("lamindb_artifact") && changes.size >= 20, [...changes.keys()].join());
      deepEqual(await differing(here, there), {});
      changeDatabase(`${here.root}/.lamindb/lamin.db`, [...changes.values()].join(";"));
      const expected = Object.fromEntries([...changes.keys()].map((table) => [table, [0, 1, 0]]));
      deepEqual(await differing(here, there), expected);
      await carry(here, there);
      deepEqual(await differing(here, there), {});
    });
  });
});

const label = "lamindb_ulabel";
const count = 1300;

/** More labels than are noted together. */
const manyLabels =
  `WITH RECURSIVE number(n) AS (VALUES (1) UNION SELECT n + 1 FROM number LIMIT ${count})
  INSERT INTO ${label} (uid, name, is_type, created_at, updated_at, is_locked, created_by_id,
    branch_id, created_on_id, space_id)
  SELECT printf('%08d', n), 'label ' || n, 0, '2026-01-01 00:00:00', '2026-01-01 00:00:00', 0, 1,
    1, 1, 1 FROM number`;

/** What an instance noted of its own labels. */
function noted({ root }: Lab): Record<string, string> {
  return withRaw(root, (raw) => {
    const rows = raw.all(
      "SELECT entries FROM lamin_ledger WHERE owner = '' AND table_name = ?",
      label,
    );
    const entries = rows.flatMap((row) => Object.values<string[]>(JSON.parse(`${row["entries"]}`)));
    return Object.fromEntries(
      entries.map(([identity, digest]) => [`${label} ${identity}`, digest!]),
    );
  });
}

async function requireNoted(lab: Lab): Promise<void> {
  const all = Object.entries(await digestsOf(lab));
  deepEqual(noted(lab), Object.fromEntries(all.filter(([key]) => key.startsWith(`${label} `))));
}

test("of many rows those that changed are found, wherever they are noted", onlySqlite, async () => {
  await withLabs(["here", "there"], async (here, there) => {
    for (const lab of [here, there]) await lab.lamin("init");
    const path = `${here.root}/.lamindb/lamin.db`;
    changeDatabase(path, manyLabels);
    await carry(here, there);
    deepEqual(await differing(here, there), {});
    equal(Object.keys(noted(here)).length, count);
    changeDatabase(
      path,
      `UPDATE ${label} SET description = 'other' WHERE id IN (5, 512, 1023, 1290);
       DELETE FROM ${label} WHERE id = 700;
       UPDATE ${label} SET uid = 'another1' WHERE id = 900;`,
    );
    deepEqual(await differing(here, there), { [label]: [1, 4, 0] });
    await carry(here, there);
    for (const lab of [here, there]) await requireNoted(lab);
    changeDatabase(
      path,
      `UPDATE ${label} SET description = NULL WHERE id = 512`,
    );
    deepEqual(await differing(here, there), { [label]: [0, 1, 0] });
    deepEqual((await planned(there, here)).conflicts, [], "what it was before is known");
    await carry(here, there);
    await requireNoted(there);
  });
});
