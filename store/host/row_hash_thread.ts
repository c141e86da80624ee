import type { RowQuery } from "./host.ts";

/** What the thread is made with. */
export interface RowHashData {
  /** A path or URI of a SQLite file. */
  readonly file: string;
  readonly queries: readonly RowQuery[];
  /** How many digits of a SHA-256 are kept. */
  readonly digits: number;
  /** JSON with this in it stands for a row that cannot be told. */
  readonly untold: string;
  /** Rows that are asked for, and told, together; and how often before somebody took them. */
  readonly batchSize: number;
  readonly batchesAhead: number;
}

/** What it tells of some rows of a query, of which there may be more: JSON of a `HashedRow[]`. */
export interface RowHashAnswer {
  readonly rows: string;
  readonly isLast: boolean;
}

/** What `startThread` runs. Each message to it says that one of its answers was taken. */
export async function rowHashThread(): Promise<void> {
  const { parentPort, workerData } = await import("node:worker_threads");
  const { DatabaseSync } = await import("node:sqlite");
  const { hash } = await import("node:crypto");
  const { file, queries, digits, untold, batchSize, batchesAhead }: RowHashData = workerData;
  let ahead = 0;
  let goOn = () => {};
  parentPort!.on("message", () => {
    ahead--;
    goOn();
  });

  const hashed = (text: string) => hash("sha256", text, "hex").slice(0, digits);
  const isTold = (json: string | null): json is string => json !== null && !json.includes(untold);

  const database = new DatabaseSync(file, { readOnly: true });
  // A view in a file from elsewhere must not call functions with side effects.
  database.exec("PRAGMA trusted_schema = OFF");
  for (const { sql, hasUid } of queries) {
    const statement = database.prepare(sql);
    let last = Number.MIN_SAFE_INTEGER;
    for (let isLast = false; !isLast;) {
      const rows = statement.all(last, batchSize) as unknown as {
        id: number;
        identity: string | null;
        words: string | null;
      }[];
      const told = rows.map(({ id, identity, words }) => {
        if (typeof id !== "number" || id <= last) throw new Error("ids have no order");
        last = id;
        if (!isTold(words) || (hasUid ? identity === null : !isTold(identity))) return null;
        return [hasUid ? identity : hashed(identity!), hashed(words)];
      });
      isLast = rows.length < batchSize;
      while (ahead >= batchesAhead) await new Promise<void>((resolve) => goOn = resolve);
      ahead++;
      parentPort!.postMessage({ rows: JSON.stringify(told), isLast });
    }
  }
  database.close();
}
