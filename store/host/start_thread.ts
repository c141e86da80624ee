import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/**
 * Starts another thread; undefined where it would only take turns with this one. The text of `main`
 * is handed to the engine, since a program that is one file has no other one to start a thread
 * from: so it uses nothing from outside of itself.
 */
export function startThread(main: () => Promise<void>, workerData?: unknown): Worker | undefined {
  if (availableParallelism() < 2) return undefined;
  return new Worker(`(${main})()`, { eval: true, workerData });
}
