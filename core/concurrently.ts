import { forEachOf } from "../store/for_each_of.ts";

/**
 * Does some work for each item, at most `most` at a time, and gives the results in the order of the
 * items. The first failure is thrown once everything that was begun has ended; nothing is begun
 * after it.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  await forEachOf(items.entries(), most, async ([index, item]) => {
    results[index] = await work(item, index);
  });
  return results;
}

/** Requests to a server that are under way at a time. */
export const requestsAtOnce = 16;
