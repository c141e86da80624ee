import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { insertDefaultRows } from "../../../core/instance/default_rows.ts";
import { lamindbRegistries } from "../../../core/registry/lamindb/index.ts";
import { bionty } from "../../../modules/bionty/module.ts";
import { createSqlite } from "../../../store/database/sqlite.ts";
import { createStatements } from "../../../store/database/sqlite_ddl.ts";

type Row = Record<string, string | number | null>;

/** Rows of a fresh instance with bionty that Python made. */
const python: Record<string, Row[]> = JSON.parse(
  Deno.readTextFileSync(new URL("../../fixtures/lamindb-2.12/default_rows.json", import.meta.url)),
);

/** What is Python's leftover in its packaged database, not needed (COMPAT §2.3). */
const leftovers = ["0183_squashed", "0187_squashed"];
const times = ["applied", "created_at", "updated_at"];

/** Rows of the tables of an instance that was just made. */
async function fill(modules: readonly typeof bionty[]): Promise<Record<string, Row[]>> {
  const directory = Deno.makeTempDirSync();
  const now = new Date("2026-03-01T12:00:00.250Z");
  const database = createSqlite({ path: `${directory}/lamin.db`, now: () => now });
  try {
    return await database.write(async (writer) => {
      const tables = [...lamindbRegistries, ...bionty.registries];
      await writer.script(
        createStatements(tables, (bytes) => createHash("md5").update(bytes).digest()),
      );
      const { uid, root, type, region, instance_uid } = python.lamindb_storage![0] as Record<
        string,
        string
      >;
      await insertDefaultRows(writer, {
        user: { uid: "00000000", handle: "anonymous", name: null },
        storage: {
          uid: uid!,
          root: root!,
          type: type!,
          region: region!,
          instanceUid: instance_uid!,
        },
        modules,
        knownModules: [bionty],
        now,
      });
      const filled: Record<string, Row[]> = {};
      for (const { name } of tables) {
        const rows = await writer.all<Row>(`SELECT * FROM "${name}" ORDER BY id`);
        if (rows.length > 0) filled[name] = rows;
      }
      return filled;
    });
  } finally {
    await database.close();
    Deno.removeSync(directory, { recursive: true });
  }
}

/** A row without its time stamps, which are checked to be there. */
function timeless(row: Row): Row {
  for (const name of times.filter((time) => time in row)) {
    assert.match(String(row[name]), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6}$/);
  }
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => !times.includes(name)).sort(),
  );
}

Deno.test("a fresh instance with bionty has the rows that Python starts with", async () => {
  const filled = await fill([bionty]);
  assert.deepEqual(Object.keys(filled).sort(), Object.keys(python).sort());
  for (const name of Object.keys(python).filter((name) => name !== "django_migrations")) {
    assert.deepEqual(filled[name]!.map(timeless), python[name]!.map(timeless), name);
  }
});

Deno.test("all migrations of Python's are noted, but for the leftovers", async () => {
  const names = (rows: Row[]) => rows.map(({ app, name }) => `${app}.${name}`).sort();
  const filled = await fill([]);
  assert.deepEqual(
    names(filled.django_migrations!),
    names(python.django_migrations!.filter(({ name }) => !leftovers.includes(name as string))),
  );
  assert.equal(filled.django_migrations!.length, 22);
  assert.equal(filled.django_migrations![0]!.applied, "2026-03-01 12:00:00.250000");
});

Deno.test("rows of a module come only with the module switched on", async () => {
  assert.equal((await fill([])).bionty_source, undefined);
});
