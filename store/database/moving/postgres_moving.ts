import { sealState } from "../seal.ts";
import { quote } from "../sql.ts";
import type { Moving } from "./moving.ts";

/** The function that refuses changes of a database whose rows were moved away. */
const sealName = "lamin_moved";

/** Moving out of Postgres databases and into them. */
export const postgresMoving: Moving = {
  tableNames: async (reader) => {
    const rows = await reader.all<{ name: string }>(
      `SELECT relname::text AS name FROM pg_class
       WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
       ORDER BY relname`,
    );
    return rows.map(({ name }) => name).sort();
  },
  // Others may read, but not write.
  lock: (writer, tables) =>
    writer.script([`LOCK TABLE ${tables.map(quote).join(", ")} IN EXCLUSIVE MODE`]),
  seal: (writer, tables, sentence) =>
    writer.script([
      `CREATE FUNCTION ${sealName}() RETURNS trigger LANGUAGE plpgsql AS ${
        literal(body(sentence))
      }`,
      `COMMENT ON FUNCTION ${sealName}() IS ${literal(sentence)}`,
      ...tables.map((table) =>
        `CREATE TRIGGER ${sealName} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE
         ON ${quote(table)} FOR EACH STATEMENT EXECUTE FUNCTION ${sealName}()`
      ),
    ]),
  sealOf: async (reader) => {
    const row = await reader.first<{ sentence: string | null }>(
      `SELECT obj_description(oid, 'pg_proc') AS sentence FROM pg_proc
       WHERE proname = '${sealName}' AND pronamespace = current_schema()::regnamespace`,
    );
    return row?.sentence ?? undefined;
  },
  lastIds: async (reader, tables) => {
    const found = new Map<string, number>();
    for (const table of tables) {
      const row = await reader.first<{ id: number | null }>(
        "SELECT pg_sequence_last_value(pg_get_serial_sequence(?, 'id')::regclass) AS id",
        [quote(table)],
      );
      if (row?.id != null) found.set(table, row.id);
    }
    return found;
  },
  setLastIds: async (writer, lastIds) => {
    for (const [table, id] of lastIds) {
      if (id < 1) continue;
      await writer.run(
        `SELECT setval(sequence_, ?::bigint)
         FROM (SELECT pg_get_serial_sequence(?, 'id')::regclass AS sequence_) AS one
         WHERE ?::bigint > COALESCE(pg_sequence_last_value(sequence_), 0)`,
        [id, quote(table), id],
      );
    }
  },
};

function body(sentence: string): string {
  return `BEGIN RAISE EXCEPTION USING ERRCODE = '${sealState}', MESSAGE = ${
    literal(sentence)
  }; END`;
}

function literal(text: string): string {
  return `E'${text.replace(/[\\']/g, "\\$&")}'`;
}
