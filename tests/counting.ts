/** Counts what a command asks of the file system and of SQLite, so that no clock is needed. */
import { StatementSync } from "node:sqlite";
import type { Files, Host, OpenFile } from "../store/host/host.ts";

/** How much work was done. */
export interface Counts {
  /** Calls to the file system by path, by their names. */
  readonly files: Record<string, number>;
  /** Reads, writes, flushes, … of open files, by their names. */
  readonly open: Record<string, number>;
  /** Queries: statements that read. */
  readonly queries: number;
  /** Statements that write. */
  readonly writes: number;
  /** Rows that queries gave. */
  readonly rows: number;
  /** The texts of the queries. */
  readonly texts: Set<string>;
}

type Counter = { -readonly [Name in keyof Counts]: Counts[Name] };

let counter: Counter | undefined;

/** Runs `work` and counts; `wrap` goes around the host of the program. */
export async function counted(
  work: (wrap: (host: Host) => Host) => Promise<void>,
): Promise<Counts> {
  counter = { files: {}, open: {}, queries: 0, writes: 0, rows: 0, texts: new Set() };
  const counts = counter;
  try {
    await work((host) => ({ ...host, files: countedFiles(host.files, counts) }));
    return counts;
  } finally {
    counter = undefined;
  }
}

/** All calls of one kind. */
export function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, one) => total + one, 0);
}

function countedFiles(files: Files, counts: Counts): Files {
  return counting(
    files,
    counts.files,
    (name, result) => name === "open" ? counting(result as OpenFile, counts.open) : result,
  );
}

function counting<T extends object>(
  target: T,
  counts: Record<string, number>,
  then: (name: string, result: unknown) => unknown = (_, result) => result,
): T {
  return new Proxy(target, {
    get(_, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...parameters: unknown[]) => {
        const call = String(name);
        counts[call] = (counts[call] ?? 0) + 1;
        return then(call, value.apply(target, parameters));
      };
    },
  });
}

const isQuery = /^\s*(SELECT|WITH|VALUES|PRAGMA)\b/i;

function note(statement: StatementSync, rows: number): void {
  if (counter === undefined) return;
  if (isQuery.test(statement.sourceSQL)) {
    counter.queries++;
    counter.texts.add(statement.sourceSQL);
    counter.rows += rows;
  } else counter.writes++;
}

type Method = (this: StatementSync, ...parameters: unknown[]) => unknown;

/** Every statement of the process goes by here, whichever connection it is of. */
function watch(name: "all" | "get" | "run", rowsOf: (result: unknown) => number): void {
  const methods = StatementSync.prototype as unknown as Record<string, Method>;
  const original = methods[name]!;
  methods[name] = function (...parameters) {
    const result = original.apply(this, parameters);
    note(this, rowsOf(result));
    return result;
  };
}

function watchIterate(): void {
  const methods = StatementSync.prototype as unknown as Record<string, Method>;
  const original = methods["iterate"]!;
  methods["iterate"] = function* (...parameters) {
    note(this, 0);
    for (const row of original.apply(this, parameters) as Iterable<unknown>) {
      if (counter !== undefined) counter.rows++;
      yield row;
    }
  };
}

watch("all", (rows) => (rows as unknown[]).length);
watch("get", (row) => row === undefined ? 0 : 1);
watch("run", () => 0);
watchIterate();
