import { DatabaseSync, StatementSync } from "node:sqlite";
import type { FaultyCalls } from "./fault.ts";

/** Extended result codes and the words of SQLite for them. */
const failures: Readonly<Record<string, readonly [code: number, words: string]>> = {
  SQLITE_BUSY: [5, "database is locked"],
  SQLITE_READONLY: [8, "attempt to write a readonly database"],
  SQLITE_IOERR: [10 | (3 << 8), "disk I/O error"],
  SQLITE_CORRUPT: [11, "database disk image is malformed"],
  SQLITE_FULL: [13, "database or disk is full"],
};

/** What a method throws as `node:sqlite` does; Deno's `exec` leaves the code out. */
function failure(name: string, withCode: boolean): Error {
  const [errcode, words] = failures[name]!;
  return Object.assign(
    new Error(words),
    { code: "ERR_SQLITE_ERROR" },
    withCode ? { errcode, errstr: words } : {},
  );
}

/** The file of each statement that was prepared meanwhile. */
const files = new WeakMap<StatementSync, string>();

/**
 * Lets statements of all databases of this process go wrong as planned while `work` runs. A
 * statement that is struck is not carried out. Those on a file that nobody else knows, by which
 * locks are tried, are left alone: that one were busy would mean something else.
 */
export async function withFaultyStatements<T>(
  calls: FaultyCalls,
  work: () => Promise<T>,
): Promise<T> {
  const restore = [
    replace(DatabaseSync.prototype, "prepare", (database, prepare, sql) => {
      const statement = prepare(sql) as StatementSync;
      files.set(statement, database.location() ?? "");
      return statement;
    }),
    replace(DatabaseSync.prototype, "exec", (database, exec, sql) => {
      strike(calls, database.location() ?? "", String(sql), false);
      return exec(sql);
    }),
    ...(["get", "all", "run", "iterate"] as const).map((name) =>
      replace(StatementSync.prototype, name, (statement, method, ...values) => {
        strike(calls, files.get(statement) ?? "", statement.sourceSQL, true);
        return method(...values);
      })
    ),
  ];
  try {
    return await work();
  } finally {
    for (const undo of restore) undo();
  }
}

function strike(calls: FaultyCalls, file: string, sql: string, withCode: boolean): void {
  if (/\/locks-\w+\.db$/.test(file)) return;
  const effect = calls.meet("statement", sql);
  if (effect !== undefined && "fails" in effect) throw failure(effect.fails, withCode);
}

type Method = (...values: unknown[]) => unknown;

/** Replaces a method by one that gets the original; returns what puts it back. */
function replace<T extends object, K extends string & keyof T>(
  prototype: T,
  name: K,
  by: (self: T, original: Method, ...values: unknown[]) => unknown,
): () => void {
  const own = Object.getOwnPropertyDescriptor(prototype, name);
  const original = prototype[name] as Method;
  const value = function (this: T, ...values: unknown[]) {
    return by(this, original.bind(this), ...values);
  };
  Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  return () => {
    if (own !== undefined) Object.defineProperty(prototype, name, own);
    else Reflect.deleteProperty(prototype, name);
  };
}
