import type { Worker } from "node:worker_threads";
import type { HashedRow, RowHasher, RowQuery } from "./host.ts";
import { type RowHashAnswer, type RowHashData, rowHashThread } from "./row_hash_thread.ts";
import { startThread } from "./start_thread.ts";

/** Some ten megabytes are told ahead, as who takes them is busy with one statement for long. */
const [batchSize, batchesAhead] = [2000, 200];

/**
 * Starts another thread that reads and hashes rows; undefined where it would only take turns with
 * this one.
 */
export function startRowHasher(
  file: string,
  queries: readonly RowQuery[],
  digits: number,
  untold: string,
): RowHasher | undefined {
  const data: RowHashData = { file, queries, digits, untold, batchSize, batchesAhead };
  const worker = startThread(rowHashThread, data);
  return worker && new ThreadRowHasher(worker);
}

class ThreadRowHasher implements RowHasher {
  readonly #answers: RowHashAnswer[] = [];
  #isOver = false;
  /** Tells who waits that something came from the thread. */
  #tell: () => void = () => {};

  constructor(private readonly worker: Worker) {
    worker.on("message", (answer: RowHashAnswer) => {
      this.#answers.push(answer);
      this.#tell();
    });
    for (const event of ["error", "exit"]) {
      worker.on(event, () => {
        this.#isOver = true;
        this.#tell();
      });
    }
  }

  async *rows(): AsyncIterable<readonly HashedRow[]> {
    for (let isLast = false; !isLast;) {
      while (this.#answers.length === 0) {
        if (this.#isOver) throw new Error("the thread that reads rows failed");
        await new Promise<void>((resolve) => this.#tell = resolve);
      }
      const answer = this.#answers.shift()!;
      isLast = answer.isLast;
      if (!this.#isOver) this.worker.postMessage("taken");
      yield JSON.parse(answer.rows);
    }
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
