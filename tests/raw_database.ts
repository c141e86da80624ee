import { DatabaseSync } from "node:sqlite";
import { databaseUrlOf } from "./test_database.ts";

/** A row as SQLite gives it, whatever the engine. */
type RawRow = Record<string, string | number | null>;

/**
 * The rows of an instance without the program, for looking at them and for changing them; what a
 * change breaks is up to who makes it.
 */
export interface RawDatabase {
  /** Values stand for `?` in their order. */
  all(sql: string, ...values: readonly (string | number | null)[]): RawRow[];
  /** Runs statements without values, or one with values. */
  run(sql: string, ...values: readonly (string | number | null)[]): void;
}

/** Runs `work` with the database of the instance in a folder. */
export function withRaw<T>(root: string, work: (database: RawDatabase) => T): T {
  const url = databaseUrlOf(root);
  if (url !== undefined) return work(new Psql(url));
  const handle = new DatabaseSync(`${root}/.lamindb/lamin.db`, {
    timeout: 10_000,
    enableForeignKeyConstraints: false,
  });
  try {
    return work({
      all: (sql, ...values) => handle.prepare(sql).all(...values) as unknown as RawRow[],
      run: (sql, ...values) => {
        if (values.length === 0) handle.exec(sql);
        else handle.prepare(sql).run(...values);
      },
    });
  } finally {
    handle.close();
  }
}

/** The server's own client: tests look at rows without waiting, as they do in SQLite. */
class Psql implements RawDatabase {
  constructor(private readonly url: string) {}

  all(sql: string, ...values: readonly (string | number | null)[]): RawRow[] {
    const query = `SELECT COALESCE(json_agg(one), '[]') FROM (${withValues(sql, values)}) AS one`;
    const rows: Record<string, unknown>[] = JSON.parse(this.#ask(query));
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asSqlite(value)]))
    );
  }

  run(sql: string, ...values: readonly (string | number | null)[]): void {
    this.#ask(withValues(sql, values));
  }

  #ask(sql: string): string {
    const { success, stdout, stderr } = new Deno.Command("psql", {
      args: ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, this.url],
      // References and triggers are not heeded then.
      env: { PGOPTIONS: "-c session_replication_role=replica" },
    }).outputSync();
    const decoder = new TextDecoder();
    if (success) return decoder.decode(stdout);
    throw new Error(`${sql}: ${decoder.decode(stderr)}`);
  }
}

function withValues(sql: string, values: readonly (string | number | null)[]): string {
  let next = 0;
  return values.length === 0 ? sql : sql.replace(/\?/g, () => literal(values[next++]!));
}

function literal(value: string | number | null): string {
  if (typeof value !== "string") return String(value);
  return `'${value.replaceAll("'", "''")}'`;
}

function asSqlite(value: unknown): string | number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  return JSON.stringify(value);
}

/** Lets no row come into a table from now on; returns what allows it again. */
export function refuseRows(root: string, table: string): () => void {
  const onServer = databaseUrlOf(root) !== undefined;
  const change = (sql: string) => withRaw(root, (database) => database.run(sql));
  change(
    onServer
      ? `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
         AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$;
         CREATE TRIGGER refuse BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse()`
      : `CREATE TRIGGER refuse BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'not now'); END`,
  );
  return () => change(onServer ? `DROP TRIGGER refuse ON ${table}` : "DROP TRIGGER refuse");
}
