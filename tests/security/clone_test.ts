/** Cloning from a stranger runs nothing and writes nowhere but into the new instance. */

import assert from "node:assert/strict";
import { type Lab, withLabs } from "../core/sync/two_labs.ts";
import { changeDatabase } from "../open_instance.ts";
import { DatabaseSync } from "node:sqlite";
import { onlySqlite } from "../test_database.ts";
import { test } from "../skip.ts";

/** A lab whose database a stranger changed, and one that knows nothing of it. */
async function withStranger(
  sql: string,
  work: (stranger: Lab, reader: Lab, base: string) => Promise<void>,
): Promise<void> {
  await withLabs(["stranger", "reader"], async (stranger, reader) => {
    await stranger.lamin("init", "--name", "stranger");
    stranger.write("raw/a.csv", "x\n1\n");
    stranger.write("raw/b.csv", "x\n2\n");
    await stranger.lamin("add", "raw");
    changeDatabase(`${stranger.root}/.lamindb/lamin.db`, sql);
    await work(stranger, reader, stranger.root.slice(0, stranger.root.lastIndexOf("/")));
  });
}

/** Everything below a folder but what is below some others. */
function filesOutside(base: string, ...others: readonly string[]): string[] {
  const found: string[] = [];
  const walk = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = `${folder}/${name}`;
      if (others.includes(path)) continue;
      if (isDirectory) walk(path);
      else found.push(path);
    }
  };
  walk(base);
  return found.sort();
}

test("hostile clone: triggers and views stay where they are", onlySqlite, async () => {
  const sql = `
    CREATE TABLE canary (text TEXT);
    CREATE TRIGGER read_me AFTER INSERT ON lamindb_artifact BEGIN
      INSERT INTO canary VALUES ('fired'); END;
    CREATE TRIGGER update_me AFTER UPDATE ON lamindb_storage BEGIN
      INSERT INTO canary VALUES ('fired'); END;
    CREATE VIEW lamindb_evil AS SELECT * FROM lamindb_user`;
  await withStranger(sql, async (stranger, reader) => {
    const before = Deno.readFileSync(`${stranger.root}/.lamindb/lamin.db`);
    await reader.lamin("clone", stranger.root, `${reader.root}/clone`, "--data", "all");
    assert.deepEqual(Deno.readFileSync(`${stranger.root}/.lamindb/lamin.db`), before);
    const database = new DatabaseSync(`${reader.root}/clone/.lamindb/lamin.db`);
    const names = database.prepare(
      "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view') OR name = 'canary'",
    ).all();
    database.close();
    assert.deepEqual(names, []);
  });
});

test("hostile clone: a name that leads elsewhere is not the folder's", onlySqlite, async () => {
  await withStranger("SELECT 1", async (stranger, reader, base) => {
    const mark = `${stranger.root}/.lamindb/storage_uid.txt`;
    const text = Deno.readTextFileSync(mark);
    for (const name of ["../../escaped", "..", "null", ".ssh", "con\u001b[2J"]) {
      Deno.writeTextFileSync(mark, text.replace(/^instance_slug=.*$/m, `instance_slug=x/${name}`));
      const before = filesOutside(base, `${reader.root}/clone`, reader.home);
      const said = await reader.say("clone", stranger.root);
      assert.equal(said.code, 0, said.stderr);
      assert.ok(!said.stdout.includes("\u001b[2J"));
      assert.deepEqual(filesOutside(base, `${reader.root}/clone`, reader.home), before, name);
      Deno.removeSync(`${reader.root}/clone`, { recursive: true });
      Deno.removeSync(`${reader.home}/.lamin`, { recursive: true });
    }
  });
});

test("hostile clone: places outside of the storage are not read", onlySqlite, async () => {
  const outside = `UPDATE lamindb_artifact SET _real_key = '../secret.csv' WHERE key = 'raw/a.csv';
    DELETE FROM lamin_content WHERE artifact_id = (
      SELECT id FROM lamindb_artifact WHERE key = 'raw/a.csv')`;
  await withStranger(outside, async (stranger, reader, base) => {
    Deno.writeTextFileSync(`${base}/secret.csv`, "a secret of the reader's machine\n");
    const said = await reader.say(
      ...["clone", stranger.root, `${reader.root}/clone`, "--data", "all", "--json"],
    );
    const { lacking } = JSON.parse(said.stdout.trim().split("\n")[0]!);
    assert.equal(lacking.length, 1, said.stdout + said.stderr);
    for (const path of filesOutside(`${reader.root}/clone/.lamindb`)) {
      assert.ok(!Deno.readTextFileSync(path).includes("a secret of the reader's"), path);
    }
  });
});

test("hostile clone: storages that rows name are not asked", onlySqlite, async () => {
  const requests: string[] = [];
  const trap = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    requests.push(request.url);
    return new Response("caught");
  });
  const place = `http://127.0.0.1:${trap.addr.port}`;
  const sql = `
    INSERT INTO lamindb_storage (uid, root, type, created_by_id, created_at, updated_at, is_locked,
      branch_id, created_on_id, space_id)
    SELECT 'trap' || value, value, 'https', 1, '2026-11-01 00:00:00', '2026-11-01 00:00:00', 0, 1,
      1, 1 FROM json_each('["${place}", "s3://trap?endpoint_url=${place}", "/etc", "file:///etc"]');
    UPDATE lamindb_artifact SET storage_id = (SELECT id FROM lamindb_storage WHERE root = '${place}')
      WHERE key = 'raw/a.csv';
    UPDATE lamindb_artifact SET storage_id = (SELECT id FROM lamindb_storage WHERE root LIKE 's3:%')
      WHERE key = 'raw/b.csv'`;
  try {
    await withStranger(sql, async (stranger, reader) => {
      const clone = `${reader.root}/clone`;
      await reader.say("clone", stranger.root, clone, "--data", "all");
      for (const words of [["status"], ["fsck"], ["get", "raw/a.csv"], ["pull"], ["info"]]) {
        await reader.say("-C", clone, ...words);
      }
      assert.deepEqual(requests, []);
    });
  } finally {
    await trap.shutdown();
  }
});

test("hostile clone: signs for the terminal are shown as signs", onlySqlite, async () => {
  const sql =
    `UPDATE lamindb_artifact SET description = 'changed', key = 'raw/' || char(27) || '[2J'
    WHERE key = 'raw/a.csv'`;
  await withStranger("SELECT 1", async (stranger, reader) => {
    const clone = `${reader.root}/clone`;
    await reader.lamin("clone", stranger.root, clone);
    changeDatabase(`${stranger.root}/.lamindb/lamin.db`, sql);
    changeDatabase(`${clone}/.lamindb/lamin.db`, sql.replace("'changed'", "'here'"));
    const said = await reader.say("-C", clone, "pull");
    assert.ok(!(said.stdout + said.stderr).includes("\u001b[2J"), said.stderr);
  });
});

test("hostile pull: a storage is not the reader's as somebody says so", onlySqlite, async () => {
  await withStranger("SELECT 1", async (stranger, reader) => {
    await reader.lamin("init", "--name", "reader");
    const { uid } = (await reader.json("info"))[0];
    changeDatabase(
      `${stranger.root}/.lamindb/lamin.db`,
      `INSERT INTO lamindb_storage (uid, root, type, instance_uid, created_by_id, created_at,
         updated_at, is_locked, branch_id, created_on_id, space_id)
       VALUES ('claimed', '/etc', 'local', '${uid}', 1, '2026-11-01 00:00:00',
         '2026-11-01 00:00:00', 0, 1, 1, 1)`,
    );
    await reader.lamin("pull", stranger.root);
    const [claimed] = (await reader.json("storage")).filter(({ root }) => root === "/etc");
    assert.equal(claimed.role, "unmanaged");
  });
});
