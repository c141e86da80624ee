/** Tables that SQLite copies come to be what they are when rows come one by one. */

import { deepEqual, equal } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { allRegistries } from "../../../cli/modules.ts";
import { remoteStores } from "../../../cli/remote_stores.ts";
import type { Instance } from "../../../core/instance/instance.ts";
import { openInstance } from "../../../core/instance/open.ts";
import { instancePeer } from "../../../core/sync/instance_peer.ts";
import { sync, type SyncResult } from "../../../core/sync/sync.ts";
import { denoHost } from "../../../store/host/deno.ts";
import type { Host } from "../../../store/host/host.ts";
import { withPythonInstance } from "../../lamin.ts";
import { changeDatabase } from "../../open_instance.ts";
import { test } from "../../skip.ts";
import { onlySqlite } from "../../test_database.ts";
import { type Lab, opened, withLabs } from "./two_labs.ts";

interface Place {
  readonly root: string;
  readonly home: string;
}

/** What came of a sync, and whether SQLite copied for it. */
interface Came {
  readonly result: SyncResult;
  readonly isCopied: boolean;
  /** Whether another thread was to read the rows meanwhile. */
  readonly isReadBeside: boolean;
}

/** Brings all rows of a place, which is only read, into a lab. */
async function bring(
  from: Place,
  to: Place,
  copiedMin: number,
  rowHasher?: Host["rowHasher"],
): Promise<Came> {
  const host = {
    ...denoHost(),
    homeDirectory: () => from.home,
    workingDirectory: () => from.root,
  };
  const registries = allRegistries();
  const there = await openInstance(host, {
    openRemote: (at) => remoteStores(host, at),
    wanted: from.root,
    readOnly: true,
    isForeign: true,
    loadRegistries: () => Promise.resolve(registries),
  });
  try {
    return await opened(to, async (target) => {
      const source = await instancePeer(there, registries);
      const uses = watched(target, rowHasher);
      const request = { source, target, registries, remote: "lab", copiedMin };
      const result = await sync(request, { verb: "clone", command: ["clone", "lab"] });
      const isCopied = uses.done === 1 && copiedMin < Infinity;
      return { result, isCopied, isReadBeside: uses.threads > 0 };
    });
  } finally {
    await there.close();
  }
}

/**
 * How often work with a file beside the target was done to the end, and threads were asked for that
 * read it.
 */
function watched(
  target: Instance,
  rowHasher = target.host.rowHasher,
): { done: number; threads: number } {
  const uses = { done: 0, threads: 0 };
  const { database, host } = target;
  host.rowHasher = (...rows) => {
    uses.threads++;
    return rowHasher(...rows);
  };
  const withBeside = database.withBeside!.bind(database);
  database.withBeside = async (file, work) => {
    const result = await withBeside(file, work);
    uses.done++;
    return result;
  };
  return uses;
}

/** A thread that reads some rows and then fails. */
const failing: Host["rowHasher"] = () =>
  Promise.resolve({
    async *rows() {
      yield [null];
      throw new Error("no more");
    },
    close: () => Promise.resolve(),
  });

type Row = Record<string, unknown>;

/** What differs from one run to the next, or says in how many steps rows were written. */
const passing: Readonly<Record<string, readonly string[]>> = {
  lamin_operation: ["uid", "created_at"],
  lamin_ledger: ["id"],
  lamin_revision: ["id"],
  lamin_arrival: ["created_at"],
};

/** All rows of a database, by table; of changes, which rows they are of. */
function dumpOf({ root }: Place): Record<string, unknown> {
  const database = new DatabaseSync(`${root}/.lamindb/lamin.db`, { readOnly: true });
  try {
    const tables = database.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_stat1' ORDER BY name",
    ).all() as { name: string }[];
    return Object.fromEntries(tables.map(({ name }) => {
      const rows = database.prepare(`SELECT * FROM "${name}"`).all() as Row[];
      if (name === "lamin_change") return [name, changedIn(rows)];
      if (name === "sqlite_sequence") return [name, sequencesIn(rows)];
      for (const column of passing[name] ?? []) for (const row of rows) delete row[column];
      return [name, rows.map((row) => JSON.stringify(row)).sort()];
    }));
  } finally {
    database.close();
  }
}

function changedIn(rows: readonly Row[]): string[] {
  return rows.flatMap(({ table_name, first_id, last_id, before, after }) => {
    const [first, last] = [Number(first_id), Number(last_id)];
    const ids = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    return ids.map((id) => `${table_name} ${id} ${before} ${after}`);
  }).sort();
}

function sequencesIn(rows: readonly Row[]): Row[] {
  const isOfSteps = (name: unknown) => name === "lamin_change" || name === "lamin_ledger";
  return rows.filter(({ name, seq }) => !isOfSteps(name) && seq !== 0)
    .sort((a, b) => String(a["name"]) < String(b["name"]) ? -1 : 1);
}

/** Compares the two ways; `isCopied` tells whether the rows allow that SQLite copies. */
async function compare(
  from: Place,
  lab: Lab,
  isCopied = true,
  rowHasher?: Host["rowHasher"],
): Promise<void> {
  await lab.lamin("init", "--name", "reader");
  const other = { root: `${lab.root}-2`, home: lab.home };
  copyFolder(lab.root, other.root);
  const copied = await bring(from, lab, 1, rowHasher);
  const single = await bring(from, other, Infinity);
  equal(copied.isCopied, isCopied);
  equal(copied.isReadBeside, true);
  const { operation: _, ...ofCopied } = copied.result;
  const { operation: __, ...ofSingle } = single.result;
  deepEqual(ofCopied, ofSingle);
  const [here, there] = [dumpOf(lab), dumpOf(other)];
  for (const table of Object.keys(there)) deepEqual(here[table], there[table], table);
  deepEqual(Object.keys(here), Object.keys(there));
  const again = await bring(from, lab, 1);
  // What was refused is tried again.
  equal(again.result.isNothing, copied.result.applied?.refused.length === 0);
}

function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copyFolder(`${from}/${name}`, `${to}/${name}`);
    else Deno.copyFileSync(`${from}/${name}`, `${to}/${name}`);
  }
}

test("copied rows of Python's instance are those that come one by one", onlySqlite, async () => {
  await withPythonInstance("lamindb-2.12.1", async (from) => {
    await withLabs(["reader"], (reader) => compare(from, reader));
  });
});

test("rows that another thread fails to read come one by one", onlySqlite, async () => {
  await withPythonInstance("lamindb-2.12.1", async (from) => {
    await withLabs(["reader"], (reader) => compare(from, reader, false, failing));
  });
});

/** Labels, one of another, on some artifacts, with gaps in all ids. */
const labels = `
  INSERT INTO lamindb_ulabel
    (id, uid, name, is_type, type_id, created_at, created_by_id, updated_at)
  VALUES
    (3, 'label003', 'first', 0, 7, '2026-11-01 10:00:00.123456', 1, '2026-11-01 10:00:00'),
    (7, 'label007', 'kind', 1, NULL, '2026-11-01 10:00:00', 1, '2026-11-01 10:00:00');
  INSERT INTO lamindb_artifactulabel (id, artifact_id, ulabel_id, created_at, created_by_id)
  SELECT 10 * id, id, CASE id % 2 WHEN 0 THEN 3 ELSE 7 END, '2026-11-02 10:00:00', 1
  FROM lamindb_artifact`;

/** An instance with folders, versions, annotations, trash and gaps, and a lab that has nothing. */
async function withMade(
  work: (maker: Lab, reader: Lab, database: string) => Promise<void>,
): Promise<void> {
  await withLabs(["maker", "reader"], async (maker, reader) => {
    await maker.lamin("init", "--name", "maker");
    for (const name of ["a", "b", "c", "d", "e"]) maker.write(`raw/${name}.csv`, `x\n${name}\n`);
    await maker.lamin("add", "raw");
    maker.write("set.zarr/0/a", "bytes of a zarr");
    maker.write("set.zarr/b", "more of them");
    await maker.lamin("add", "set.zarr", "--description", "a 'folder' \"with\" signs \u{1f9ec}");
    maker.write("raw/a.csv", "x\nsecond\n");
    maker.write("raw/b.csv", "x\nsecond\n");
    await maker.lamin("add", "raw");
    await maker.lamin("rm", "raw/c.csv");
    await maker.lamin("rm", "raw/d.csv", "--permanent", "--force");
    const database = `${maker.root}/.lamindb/lamin.db`;
    changeDatabase(database, labels);
    await work(maker, reader, database);
  });
}

test("copied rows of our instance are those that come one by one", onlySqlite, async () => {
  await withMade(async (maker, reader) => await compare(maker, reader));
});

test(
  "rows that were copied from a lab that met others keep what was noted",
  onlySqlite,
  async () => {
    await withMade(async (maker, reader) => {
      const [other] = [{ ...reader, root: `${reader.root}-other`, home: `${reader.home}-other` }];
      Deno.mkdirSync(other.root);
      Deno.mkdirSync(other.home);
      await opened(maker, () => Promise.resolve());
      await reader.lamin("init", `${other.root}`, "--name", "other");
      await maker.lamin("push", other.root);
      await compare(maker, reader);
    });
  },
);

/** What makes a source too odd for copying, or one table of it, with the right outcome. */
const odd: Readonly<Record<string, readonly [sql: string, isCopied: boolean]>> = {
  "a view in the place of a table": [
    `ALTER TABLE lamindb_ulabel RENAME TO moved;
     CREATE VIEW lamindb_ulabel AS SELECT * FROM moved`,
    false,
  ],
  "triggers and views": [
    `CREATE TABLE canary (text TEXT);
     CREATE TRIGGER read_me AFTER INSERT ON lamindb_artifact BEGIN
       INSERT INTO canary VALUES ('fired'); END;
     CREATE VIEW lamindb_evil AS SELECT * FROM lamindb_user`,
    true,
  ],
  "a time that is none": ["UPDATE lamindb_artifact SET created_at = 'never' WHERE id = 2", false],
  "bytes in the place of a text": [
    "UPDATE lamindb_artifact SET description = x'00ff' WHERE id = 2",
    false,
  ],
  "a text with a NUL": [
    "UPDATE lamindb_artifact SET description = 'a' || char(0) || 'b' WHERE id = 2",
    false,
  ],
  "a time with a NUL": [
    "UPDATE lamindb_artifact SET updated_at = updated_at || char(0) || 'b' WHERE id = 2",
    false,
  ],
  "a number with a point": ["UPDATE lamindb_artifact SET n_files = 0.5 WHERE id = 2", false],
  "JSON that says something": [
    `UPDATE lamindb_artifact SET _aux = '{"af": {"0": true}}' WHERE id = 2`,
    true,
  ],
  "another storage of the same instance": [
    `INSERT INTO lamindb_storage (uid, root, type, instance_uid, created_by_id, created_at,
       updated_at, is_locked, branch_id, created_on_id, space_id)
     SELECT 'other', '/nowhere', 'local', instance_uid, 1, '2026-11-01 00:00:00',
       '2026-11-01 00:00:00', 0, 1, 1, 1 FROM lamindb_storage WHERE id = 1;
     UPDATE lamindb_artifact SET storage_id = (SELECT id FROM lamindb_storage WHERE uid = 'other')
     WHERE id = 2`,
    true,
  ],
  "a note of a content that is none": [
    "UPDATE lamin_content SET sha256 = '../../../x' WHERE artifact_id = 2",
    false,
  ],
};

for (const [name, [sql, isCopied]] of Object.entries(odd)) {
  test(`copying: ${name}`, onlySqlite, async () => {
    await withMade(async (maker, reader, database) => {
      changeDatabase(database, sql);
      await compare(maker, reader, isCopied);
    });
  });
}
