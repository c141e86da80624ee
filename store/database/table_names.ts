import type { DatabaseSync, StatementSync } from "node:sqlite";

/** So many looks cost less than all names do. */
const singleLooks = 8;

/**
 * The names of the tables of a database. A look into SQLite's own list reads the texts of all
 * tables and indexes, so it is looked into again only when SQLite says that the schema is another.
 */
export class TableNames {
  #askVersion: StatementSync | undefined;
  #version: unknown;
  #names: ReadonlySet<string> = new Set();
  #looks = 0;

  constructor(private readonly handle: DatabaseSync) {}

  has(name: string): boolean {
    if (this.#looks++ < singleLooks) return this.#look(name);
    this.#askVersion ??= this.handle.prepare("PRAGMA schema_version");
    const version = this.#askVersion.get()!["schema_version"];
    if (version !== this.#version) {
      const rows = this.handle.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
      this.#names = new Set(rows.map((row) => String(row["name"])));
      this.#version = version;
    }
    return this.#names.has(name);
  }

  #look(name: string): boolean {
    const sql = "SELECT 1 AS one FROM sqlite_master WHERE type = 'table' AND name = ?";
    return this.handle.prepare(sql).get(name) !== undefined;
  }

  /** To be called when a transaction was taken back: the next schema may get the same number. */
  forget(): void {
    this.#version = undefined;
  }
}
