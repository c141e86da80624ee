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

/**
 * Lets statements of all databases of this process go wrong as planned while `work` runs. A
 * statement that is struck is not carried out.
 */
export async function withFaultyStatements<T>(
  calls: FaultyCalls,
  work: () => Promise<T>,
): Promise<T> {
  const restore = [
    replace(DatabaseSync.prototype, "exec", calls, false),
    ...(["get", "all", "run", "iterate"] as const).map((name) =>
      replace(StatementSync.prototype, name, calls, true)
    ),
  ];
  try {
    return await work();
  } finally {
    for (const undo of restore) undo();
  }
}

/** Replaces a method by one that may fail; returns what puts it back. */
function replace<K extends string>(
  prototype: { [key in K]: unknown },
  name: K,
  calls: FaultyCalls,
  withCode: boolean,
): () => void {
  const own = Object.getOwnPropertyDescriptor(prototype, name);
  const original = prototype[name] as (...values: unknown[]) => unknown;
  prototype[name] = function (this: StatementSync, ...values: unknown[]) {
    const sql = withCode ? this.sourceSQL : String(values[0]);
    const effect = calls.meet("statement", sql);
    if (effect !== undefined && "fails" in effect) throw failure(effect.fails, withCode);
    return original.apply(this, values);
  };
  return () => {
    if (own !== undefined) Object.defineProperty(prototype, name, own);
    else delete (prototype as Partial<Record<K, unknown>>)[name];
  };
}
