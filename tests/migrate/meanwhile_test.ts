/** Others that write or wait while rows are moved: what they were told is there in the end. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import postgres from "postgres";
import { allRegistries } from "../../cli/modules.ts";
import { remoteStores } from "../../cli/remote_stores.ts";
import { openInstance } from "../../core/instance/open.ts";
import { mutate } from "../../core/operation/mutate.ts";
import { ulabel } from "../../core/registry/lamindb/ulabel.ts";
import { LaminError } from "../../store/errors.ts";
import { denoHost } from "../../store/host/deno.ts";
import type { Atlas } from "../cli/atlas.ts";
import { workspaceAt } from "../lamin.ts";
import { test } from "../skip.ts";
import { noMigration, withPlace } from "./place.ts";

async function opened({ root, home }: Atlas) {
  const host = { ...denoHost(), homeDirectory: () => home };
  return await openInstance(host, {
    openRemote: (root) => remoteStores(host, root),
    wanted: root,
    loadRegistries: () => Promise.resolve(allRegistries()),
  });
}

function addLabel(instance: Awaited<ReturnType<typeof opened>>, name: string): Promise<unknown> {
  return mutate(instance, { verb: "test", command: [] }, async (changes) => {
    await changes.insert(ulabel, [{ uid: `00000${name}`.slice(-8), name, created_by_id: 1 }]);
    return { result: undefined, summary: "a label" };
  });
}

function saysMoved(url: string) {
  return (error: unknown) =>
    error instanceof LaminError && error.code === "denied" &&
    error.message === `the rows of this instance were moved to ${url}`;
}

test(
  "migrate: who opened the former database before cannot write to it after",
  noMigration,
  async () => {
    await withPlace(async (atlas, url) => {
      const early = await opened(atlas);
      await addLabel(early, "early");
      await atlas.lamin("migrate-db", url);
      await assert.rejects(addLabel(early, "late"), saysMoved(url));
      await early.close();
      const server = await opened(atlas);
      await addLabel(server, "next");
      const python = postgres(url, { max: 1, fetch_types: false });
      await python`SELECT 1`;
      await atlas.lamin("migrate-db", "sqlite");
      const file = atlas.path(".lamindb/lamin.db");
      await assert.rejects(addLabel(server, "late"), saysMoved(file));
      await assert.rejects(
        python`UPDATE lamindb_ulabel SET name = 'late'`,
        /the rows of this instance were moved to /,
      );
      await python.end();
      await server.close();
      const names = (await atlas.json("list", "ulabel")).map(({ name }) => name).sort();
      assert.deepEqual(names, ["early", "next"]);
    });
  },
);

test(
  "migrate: a file that was set aside cannot be written by any program",
  noMigration,
  async () => {
    await withPlace(async (atlas, url) => {
      await atlas.lamin("migrate-db", url);
      const database = new DatabaseSync(atlas.path(".lamindb/lamin.db.before-migration"));
      const changes = ["DELETE FROM lamindb_user", "UPDATE lamindb_storage SET root = 'x'"];
      for (const sql of changes) assert.throws(() => database.exec(sql), /were moved to/);
      database.close();
    });
  },
);

test(
  "migrate: where the folder alone is seen, it says where its rows went",
  noMigration,
  async () => {
    await withPlace(async (atlas, url) => {
      await atlas.lamin("migrate-db", url);
      Deno.removeSync(`${atlas.home}/.lamin`, { recursive: true });
      const { code, stderr } = await atlas.run("status");
      assert.equal(code, 10);
      assert.match(stderr, /the rows of the instance in .* were moved to a server/);
    });
  },
);

/** How a writer may end that met the move: busy, moved away, or between two places for a moment. */
const calm = new Set([0, 10, 11, 12]);

test("migrate: nothing is lost that writers were told of meanwhile", noMigration, async () => {
  await withPlace(async (atlas, url) => {
    const { root, home } = atlas;
    const real = workspaceAt(root, home);
    for (let file = 0; file < 20; file++) atlas.write(`first/${file}.csv`, `${file}\n`);
    await atlas.lamin("add", ".");
    const told: string[] = [];
    let isOver = false;
    const writer = async (name: string) => {
      for (let [count, after] = [0, 0]; after < 2; count++) {
        const wasOver = isOver;
        const key = `${name}/${count}.csv`;
        atlas.write(key, `${key}\n`);
        const { code, stderr } = await real.run(["add", key]);
        if (code === 0) told.push(key);
        if (wasOver) after++;
        const isCalm = code === 0 || (!wasOver && calm.has(code));
        assert.ok(isCalm && !stderr.includes("should not happen"), `${key}: ${code} ${stderr}`);
      }
    };
    const mover = async () => {
      for (const place of [url, "sqlite"]) {
        const { code, stderr } = await real.run(["migrate-db", place]);
        assert.equal(code, 0, stderr);
      }
      isOver = true;
    };
    await Promise.all([writer("x"), writer("y"), mover()]);
    const keys = new Set(
      (await atlas.json("list", "artifact", "-n", "0")).map(({ key }) => key),
    );
    assert.deepEqual(told.filter((key) => !keys.has(key)), []);
    // Bytes of additions that were refused wait for gc.
    const found = await atlas.json("fsck", "--deep");
    assert.deepEqual(found.filter(({ severity }) => severity === "damage"), []);
  });
});
