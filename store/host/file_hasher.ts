import type { FileHasher } from "./host.ts";
import {
  digestsLength,
  expectedCount,
  type HashAnswer,
  type HashQuestion,
  hashThread,
  sha256Length,
} from "./hash_thread.ts";
import { startThread } from "./start_thread.ts";

type Asked = Parameters<FileHasher["hash"]>[0];

/**
 * Starts another thread that reads and hashes files; undefined where it would only take turns with
 * this one.
 */
export function startFileHasher(): FileHasher | undefined {
  const worker = startThread(hashThread);
  if (worker === undefined) return undefined;
  /** Those who wait, in the order in which they asked. */
  const waiting: ((answer: HashAnswer | undefined) => void)[] = [];
  let isOver = false;
  const end = () => {
    isOver = true;
    waiting.splice(0).forEach((tell) => tell(undefined));
  };
  const asked = (files: Asked) =>
    new Promise<HashAnswer | undefined>((resolve) => {
      waiting.push(resolve);
      worker.postMessage(question(files));
    });
  worker.on("message", (answer: HashAnswer) => waiting.shift()?.(answer));
  worker.on("error", end);
  worker.on("exit", end);
  return {
    hash: async (files) => {
      const answer = isOver || files.length === 0 ? undefined : await asked(files);
      return (nth) => digestsOf(answer, nth);
    },
    close: async () => void await worker.terminate(),
  };
}

function question(files: Asked): HashQuestion {
  const expected = new Float64Array(files.length * expectedCount);
  files.forEach(({ stat: { size, modifiedMs, changedMs, inode } }, nth) => {
    expected.set([size, modifiedMs, changedMs, inode], nth * expectedCount);
  });
  return { paths: files.map(({ path }) => path).join("\0"), expected };
}

function digestsOf(answer: HashAnswer | undefined, nth: number) {
  if (answer?.isRead[nth] !== 1) return undefined;
  const start = nth * digestsLength;
  return {
    sha256: answer.digests.slice(start, start + sha256Length),
    md5: answer.digests.slice(start + sha256Length, start + digestsLength),
  };
}
