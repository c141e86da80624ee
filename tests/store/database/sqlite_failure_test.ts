/**
 * What SQLite really throws, in every way that a failure can come up: Deno's `exec` and its opening
 * of files give the words of SQLite without the code.
 */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { databaseError } from "../../../store/database/sqlite_failure.ts";
import { LaminError } from "../../../store/errors.ts";

async function inFolder(work: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  try {
    await work(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    const failure = databaseError(error, "/x.db");
    return failure instanceof LaminError ? failure.code : `not understood: ${failure}`;
  }
  return "passed";
}

Deno.test("sqlite failures: a lock of another process is 'busy' however it is met", async () => {
  await inFolder((folder) => {
    const [one, other] = [1, 2].map(() => new DatabaseSync(`${folder}/x.db`, { timeout: 0 }));
    one!.exec("CREATE TABLE t (a); BEGIN EXCLUSIVE");
    assert.equal(codeOf(() => other!.exec("BEGIN IMMEDIATE")), "busy");
    assert.equal(codeOf(() => other!.prepare("INSERT INTO t VALUES (1)").run()), "busy");
    one!.close();
    other!.close();
  });
});

Deno.test("sqlite failures: what may not be opened or written is 'denied'", async () => {
  await inFolder((folder) => {
    assert.equal(codeOf(() => new DatabaseSync(`${folder}/none/x.db`)), "denied");
    const handle = new DatabaseSync(`${folder}/x.db`);
    handle.exec("CREATE TABLE t (a); PRAGMA query_only = TRUE");
    assert.equal(codeOf(() => handle.exec("INSERT INTO t VALUES (1)")), "denied");
    assert.equal(codeOf(() => handle.prepare("INSERT INTO t VALUES (1)").run()), "denied");
    handle.close();
  });
});

Deno.test("sqlite failures: a full file is 'failed' with what to do about it", async () => {
  await inFolder((folder) => {
    const handle = new DatabaseSync(`${folder}/x.db`);
    handle.exec("CREATE TABLE t (a); PRAGMA max_page_count = 4");
    const fill = "INSERT INTO t VALUES (randomblob(100000))";
    for (const work of [() => handle.exec(fill), () => handle.prepare(fill).run()]) {
      assert.throws(() => {
        try {
          work();
        } catch (error) {
          throw databaseError(error, "/x.db");
        }
      }, { code: "failed", message: "cannot write /x.db: the disk is full", hint: /free some/ });
    }
    handle.close();
  });
});

Deno.test("sqlite failures: a file that is cut off is 'damaged'", async () => {
  await inFolder((folder) => {
    const path = `${folder}/x.db`;
    const handle = new DatabaseSync(path);
    handle.exec("CREATE TABLE t (a)");
    handle.exec("INSERT INTO t VALUES (randomblob(100000))");
    handle.close();
    Deno.truncateSync(path, 20_000);
    const cut = new DatabaseSync(path);
    assert.equal(codeOf(() => cut.exec("SELECT sum(length(a)) FROM t")), "damaged");
    assert.equal(codeOf(() => cut.prepare("SELECT sum(length(a)) FROM t").get()), "damaged");
    cut.close();
  });
});

Deno.test("sqlite failures: an error in a statement of ours stays what it is", async () => {
  await inFolder((folder) => {
    const handle = new DatabaseSync(`${folder}/x.db`);
    for (const sql of ["SELECT", "INSERT INTO none VALUES ('database is locked')"]) {
      assert.match(codeOf(() => handle.exec(sql)), /^not understood/);
    }
    handle.close();
  });
});
