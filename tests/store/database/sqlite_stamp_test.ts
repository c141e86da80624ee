/** A stamp stays as long as nobody changes the database, and no longer, however soon that is. */

import { equal, notEqual, ok } from "node:assert/strict";
import type { Database } from "../../../store/database/database.ts";
import { createSqlite, openSqlite } from "../../../store/database/sqlite.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { FileError } from "../../../store/host/host.ts";

interface Both {
  readonly one: Database;
  readonly other: Database;
}

/** Two connections to a database without a log: a change leaves nothing but its time. */
async function withBoth(
  setModified: (path: string, ms: number) => void,
  work: (both: Both) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  const stat = (path: string) => denoHost().files.stat(path);
  const now = () => new Date();
  const options = { path: `${folder}/test.db`, now, stat, setModified, journal: "DELETE" } as const;
  const one = createSqlite(options);
  const other = openSqlite(options);
  try {
    await one.write((writer) =>
      writer.script(["CREATE TABLE word (text)", "INSERT INTO word VALUES (0)"])
    );
    await work({ one, other });
  } finally {
    await one.close();
    await other.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

const write = (database: Database) =>
  database.write((writer) => writer.run("UPDATE word SET text = 1 - text"));

async function differEach(both: Both, times: number): Promise<void> {
  const { one, other } = both;
  for (let nth = 0; nth < times; nth++) {
    await write(one);
    const stamp = await one.stampAfterWrite();
    ok(stamp !== undefined);
    equal(one.stamp(), stamp, "nobody wrote");
    await write(other);
    notEqual(one.stamp(), stamp, "another one wrote");
  }
}

Deno.test("stamp: the change that comes next has another one, without any wait", async () => {
  await withBoth(denoHost().files.setModified, (both) => differEach(both, 100));
});

Deno.test("stamp: where no time can be set, it is waited for", async () => {
  const denied = (path: string) => {
    throw new FileError("EPERM", "set time", path);
  };
  await withBoth(denied, (both) => differEach(both, 3));
});

Deno.test("stamp: there is none of a state in which another one had written", async () => {
  await withBoth(denoHost().files.setModified, async ({ one, other }) => {
    await write(one);
    await write(other);
    equal(await one.stampAfterWrite(), undefined);
  });
});
