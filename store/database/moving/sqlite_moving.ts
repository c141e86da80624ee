import { quote } from "../sql.ts";
import { sealPrefix } from "../seal.ts";
import type { Moving } from "./moving.ts";

/** Moving out of SQLite files and into them. */
export const sqliteMoving: Moving = {
  tableNames: async (reader) => {
    const rows = await reader.all<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       ORDER BY name`,
    );
    return rows.map(({ name }) => name);
  },
  // The transaction holds the lock of the whole file already.
  lock: () => Promise.resolve(),
  seal: (writer, tables, sentence) =>
    writer.script(tables.flatMap((table) => sealsOf(table, sentence))),
  sealOf: async (reader) => {
    const row = await reader.first<{ sql: string }>(
      `SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'lamin\\_moved\\_%' ESCAPE '\\'
       ORDER BY name LIMIT 1`,
    );
    return row && /RAISE \(ABORT, '((?:[^']|'')*)'\)/.exec(row.sql)?.[1]?.replaceAll("''", "'");
  },
  lastIds: async (reader, tables) => {
    const rows = await reader.all<{ name: string; seq: number }>(
      "SELECT name, seq FROM sqlite_sequence",
    );
    const wanted = new Set(tables);
    return new Map(
      rows.filter(({ name, seq }) => wanted.has(name) && Number.isSafeInteger(seq))
        .map(({ name, seq }) => [name, seq]),
    );
  },
  setLastIds: async (writer, lastIds) => {
    for (const [name, id] of lastIds) {
      const changed = await writer.run(
        "UPDATE sqlite_sequence SET seq = MAX(seq, ?) WHERE name = ?",
        [id, name],
      );
      if (changed > 0) continue;
      await writer.run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [name, id]);
    }
  },
};

function sealsOf(table: string, sentence: string): string[] {
  const words = `${sealPrefix}${sentence}`.replaceAll("'", "''");
  return ["INSERT", "UPDATE", "DELETE"].map((event) =>
    `CREATE TRIGGER ${quote(`lamin_moved_${event.toLowerCase()}_${table}`)}
     BEFORE ${event} ON ${quote(table)} BEGIN SELECT RAISE (ABORT, '${words}'); END`
  );
}
