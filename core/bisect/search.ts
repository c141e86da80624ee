/** What is known of the versions of a key, oldest first, by their places. */
export interface Known {
  readonly count: number;
  /** Place of the newest version that is known to be good, -1 when none is. */
  readonly good: number;
  /** Place of the oldest one that is known to be bad. */
  readonly bad: number;
  /** Places that could not be tested. */
  readonly skipped: readonly number[];
}

/** What to do next: test a version, or nothing, as the first bad one is known or cannot be told. */
export type Next =
  | { readonly kind: "test"; readonly place: number; readonly probesLeft: number }
  | { readonly kind: "found"; readonly place: number }
  | { readonly kind: "suspects"; readonly places: readonly number[] };

/**
 * The version in the middle of those between good and bad, or the nearest to it that was not
 * skipped. Of n versions that may be the first bad one, that finds it in ⌈log2 n⌉ tests, where none
 * is skipped.
 */
export function nextOf({ good, bad, skipped }: Known): Next {
  if (bad - good === 1) return { kind: "found", place: bad };
  const untested = Array.from({ length: bad - good - 1 }, (_, index) => good + 1 + index);
  const left = untested.filter((place) => !skipped.includes(place));
  if (left.length === 0) return { kind: "suspects", places: [...untested, bad] };
  const middle = Math.floor((good + bad) / 2);
  const place = left.reduce((best, one) =>
    Math.abs(one - middle) < Math.abs(best - middle) ? one : best
  );
  return { kind: "test", place, probesLeft: Math.ceil(Math.log2(bad - good)) };
}
