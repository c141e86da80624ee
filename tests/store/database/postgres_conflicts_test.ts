import assert from "node:assert/strict";
import { openPostgres } from "../../../store/database/postgres/postgres.ts";
import type { Writer } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import { drivers, host, withTables } from "../../conformance/database/driver.ts";
import { kinds, migrations } from "../../conformance/database/tables.ts";
import { withClient } from "../../postgres_server.ts";
import { test } from "../../skip.ts";

const driver = drivers.find(({ name }) => name === "postgres")!;

/** Runs `work` with a database of three rows, and with somebody who knows nothing of our lock. */
async function withOther(
  work: (there: {
    url: string;
    database: Awaited<ReturnType<typeof openPostgres>>;
    other: (sql: string) => Promise<unknown>;
  }) => Promise<void>,
): Promise<void> {
  await withTables(driver, [kinds, migrations], async (_database, _open, address) => {
    if (address.kind !== "postgres") throw new Error("no server");
    const { url } = address;
    const database = await openPostgres(host, { url, patienceMs: 300 });
    try {
      await database.write((writer) => writer.insert(kinds, [1, 2, 3].map((count) => ({ count }))));
      await withClient(url, (sql) => work({ url, database, other: (text) => sql.unsafe(text) }));
    } finally {
      await database.close();
    }
  });
}

const countOf = async (writer: Writer, id: number) =>
  (await writer.select(kinds, "id = ?", [id]))[0]!.count!;

test(
  "postgres: what another changed meanwhile is read again and kept",
  driver.missing,
  async () => {
    await withOther(async ({ database, other }) => {
      let attempts = 0;
      await database.write(async (writer) => {
        const count = await countOf(writer, 1);
        if (attempts++ === 0) await other("UPDATE test_kind SET count = 10 WHERE id = 1");
        await writer.update(kinds, [1], { count: count + 1 });
      });
      assert.equal(attempts, 2);
      assert.equal(await database.read((reader) => countOf(reader as Writer, 1)), 11);
    });
  },
);

test("postgres: of two that wait for each other, ours is tried again", driver.missing, async () => {
  await withOther(async ({ database, other }) => {
    await other("SET deadlock_timeout = '60s'");
    let attempts = 0;
    let theirs: Promise<unknown> | undefined;
    await database.write(async (writer) => {
      await writer.update(kinds, [1], { count: 20 });
      if (attempts++ === 0) {
        await other("BEGIN");
        await other("UPDATE test_kind SET count = 30 WHERE id = 2");
        theirs = other("UPDATE test_kind SET count = 31 WHERE id = 1").then(() => other("COMMIT"));
      }
      await writer.run("SET LOCAL lock_timeout = 0");
      await writer.update(kinds, [2], { count: 21 });
    });
    await theirs;
    assert.equal(attempts, 2);
    const rows = await database.read((reader) => reader.select(kinds, "TRUE ORDER BY id"));
    assert.deepEqual(rows.map(({ count }) => count).slice(1), [21, 3]);
  });
});

test(
  "postgres: a writer that holds on makes others busy, readers not",
  driver.missing,
  async () => {
    await withOther(async ({ url, database }) => {
      const slow = await openPostgres(host, { url });
      await slow.write(async (writer) => {
        await writer.update(kinds, [1], { count: 5 });
        await assert.rejects(
          database.write((one) => one.run("SELECT 1")),
          (error) => error instanceof LaminError && error.code === "busy",
        );
        assert.equal(await database.read((reader) => countOf(reader as Writer, 1)), 1);
      });
      await slow.close();
      assert.equal(await database.read((reader) => countOf(reader as Writer, 1)), 5);
    });
  },
);

test(
  "postgres: a backend that is ended at any step leaves the old state",
  driver.missing,
  async () => {
    await withOther(async ({ url, other }) => {
      for (const last of [0, 1, 2, 3]) {
        const database = await openPostgres(host, { url });
        const steps = [
          (writer: Writer) => writer.insert(kinds, [{ name: "one" }]),
          (writer: Writer) => writer.update(kinds, [1], { count: 99 }),
          (writer: Writer) =>
            writer.insert(kinds, Array.from({ length: 1500 }, () => ({ name: "x" }))),
          (writer: Writer) => writer.delete(kinds, [2]),
        ];
        const failing = database.write(async (writer) => {
          const pid = (await writer.first("SELECT pg_backend_pid() AS pid"))!["pid"];
          for (const [index, step] of steps.entries()) {
            await step(writer);
            if (index === last) await other(`SELECT pg_terminate_backend(${pid}, 5000)`);
          }
        });
        await assert.rejects(
          failing,
          (error) =>
            error instanceof LaminError && error.code === "failed" &&
            /lost the connection/.test(error.message),
        );
        // It stays lost: what follows must not run outside of the transaction.
        await assert.rejects(
          database.read((reader) => reader.all("SELECT 1")),
          /lost the connection/,
        );
        await database.close();
        const again = await openPostgres(host, { url });
        const rows = await again.read((reader) => reader.select(kinds, "TRUE ORDER BY id"));
        assert.deepEqual(rows.map(({ id, count }) => [id, count]), [[1, 1], [2, 2], [3, 3]]);
        await again.close();
      }
    });
  },
);

test("postgres: one that is ended while a statement runs says so", driver.missing, async () => {
  await withOther(async ({ database, other }) => {
    const failing = database.write(async (writer) => {
      const pid = (await writer.first("SELECT pg_backend_pid() AS pid"))!["pid"];
      const sleeping = writer.run("SELECT pg_sleep(60)");
      await Promise.all([sleeping, other(`SELECT pg_terminate_backend(${pid}, 5000)`)]);
    });
    await assert.rejects(failing, /lost the connection/);
  });
});

test("postgres: an answer to COMMIT that never came leaves it open", driver.missing, async () => {
  await withOther(async ({ url }) => {
    const cut = cutAtCommit(new URL(url));
    const through = url.replace(/:\d+\//, `:${cut.port}/`);
    const database = await openPostgres(host, { url: through });
    await assert.rejects(
      database.write((writer) => writer.update(kinds, [1], { count: 7 })),
      (error) => error instanceof LaminError && /is not known/.test(error.hint ?? ""),
    );
    await database.close();
    cut.close();
  });
});

/** A way to the server that ends once a COMMIT went through. */
function cutAtCommit(to: URL): { port: number; close: () => void } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async () => {
    const near = await listener.accept();
    const far = await Deno.connect({ hostname: to.hostname, port: Number(to.port) });
    const back = far.readable.pipeTo(near.writable, { preventClose: true }).catch(() => {});
    const writer = far.writable.getWriter();
    for await (const bytes of near.readable) {
      const isCommit = new TextDecoder("latin1").decode(bytes).includes("COMMIT");
      await writer.write(bytes);
      if (isCommit) break;
    }
    for (const end of [near, far]) {
      try {
        end.close();
      } catch {
        // It is closed already.
      }
    }
    await back;
  };
  serve().catch(() => {});
  return { port: (listener.addr as Deno.NetAddr).port, close: () => listener.close() };
}
