/** What `work` gives, one at a time: it goes on when the one before was taken. */
export async function* handedOver<T>(
  work: (give: (one: T) => Promise<void>) => Promise<void>,
): AsyncGenerator<T> {
  let arrived = Promise.withResolvers<T | undefined>();
  let taken = Promise.withResolvers<boolean>();
  const done = work(async (one) => {
    taken = Promise.withResolvers();
    arrived.resolve(one);
    if (!await taken.promise) throw new NotWanted();
  }).then(() => arrived.resolve(undefined), (error) => arrived.reject(error));
  try {
    for (;;) {
      const one = await arrived.promise;
      if (one === undefined) break;
      arrived = Promise.withResolvers();
      yield one;
      taken.resolve(true);
    }
  } finally {
    arrived.promise.catch(() => {});
    taken.resolve(false);
    await done;
  }
}

/** Ends the work of which nobody wants more. */
class NotWanted extends Error {}
