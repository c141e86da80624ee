/**
 * Randomness that can be repeated: a test says its seed when it fails, and LAMIN_SEED brings the
 * same run back.
 */

/** The seed of this run, from LAMIN_SEED or the clock. */
export function seed(): number {
  const given = Number(Deno.env.get("LAMIN_SEED"));
  return Number.isSafeInteger(given) && given > 0 ? given : Date.now() % 2 ** 31;
}

/** Numbers from 0 up to, but not with, 1; the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs `work` with a seed that is told when it fails. */
export async function seeded(work: (seed: number) => Promise<void> | void): Promise<void> {
  const one = seed();
  try {
    await work(one);
  } catch (error) {
    throw new Error(`failed with LAMIN_SEED=${one}`, { cause: error });
  }
}
