import { DatabaseSync, StatementSync } from "node:sqlite";

/** Statements that only look; between them nothing on the disk changes. */
const reads = /^\s*(SELECT|WITH|PRAGMA (?!journal_mode =)|EXPLAIN|BEGIN\s*$)/i;

/** Where transactions begin and end. */
const boundary = /^\s*(BEGIN|COMMIT|ROLLBACK)/i;

/**
 * Calls `before` before statements of this process that can change a database, whatever part of the
 * program says them: the beginning and end of every transaction, the closing of a connection, and
 * between them the first, second, fourth, eighth statement and so on, as until the end hardly
 * anything changes on the disk.
 */
export function watchDatabases(before: (what: string) => void): void {
  const { exec, close } = DatabaseSync.prototype;
  let count = 0;
  const tell = (sql: string) => {
    if (reads.test(sql)) return;
    count = boundary.test(sql) ? 0 : count + 1;
    if ((count & (count - 1)) !== 0) return;
    before(`sql ${sql.trim().replace(/\s+/g, " ").slice(0, 60)}`);
  };
  DatabaseSync.prototype.exec = function (sql) {
    tell(sql);
    return exec.call(this, sql);
  };
  DatabaseSync.prototype.close = function () {
    before("close");
    return close.call(this);
  };
  const statements = StatementSync.prototype as unknown as Record<string, Statement>;
  for (const name of ["run", "get", "all"]) {
    const work = statements[name]!;
    statements[name] = function (...values) {
      tell(this.sourceSQL);
      return work.apply(this, values);
    };
  }
}

type Statement = (this: StatementSync, ...values: unknown[]) => unknown;
