/** A row of one of two sorted lists, or of both where the key is the same. */
export type Pair<R> = readonly [here: R | undefined, there: R | undefined];

/**
 * Walks two lists in step, each in the ascending order of its keys, holding one row of each: what
 * has the same key comes as a pair.
 */
export async function* merged<R>(
  here: AsyncIterable<R>,
  there: AsyncIterable<R>,
  keyOf: (row: R) => string | number,
): AsyncGenerator<Pair<R>> {
  const [left, right] = [here[Symbol.asyncIterator](), there[Symbol.asyncIterator]()];
  try {
    let [a, b] = [await left.next(), await right.next()];
    while (!a.done || !b.done) {
      const isLeft = !a.done && (b.done || keyOf(a.value) <= keyOf(b.value));
      const isRight = !b.done && (a.done || keyOf(b.value) <= keyOf(a.value));
      // Keys of a hostile table may be of two kinds, of which neither comes first.
      const isNeither = !isLeft && !isRight;
      const takesLeft = isLeft || (isNeither && !a.done);
      const takesRight = isRight || (isNeither && !b.done);
      yield [takesLeft ? a.value : undefined, takesRight ? b.value : undefined];
      if (takesLeft) a = await left.next();
      if (takesRight) b = await right.next();
    }
  } finally {
    await left.return?.();
    await right.return?.();
  }
}

/** A list without rows. */
export async function* nothing(): AsyncGenerator<never> {}
