/** How a row came to be what it is, as far as its instance saw it change. */
export interface Past {
  /** What it is; null once it was deleted. */
  readonly digest: string | null;
  /** How often it was seen to have changed. */
  readonly revision: number;
  /** What it was before, the latest last. */
  readonly past: readonly string[];
}

/** How two rows that are one row stand to each other. */
export type Standing = "same" | "ahead" | "behind" | "conflict";

/** Former states that are kept of a row. */
const pastMax = 16;

/** A row of which nothing is known but what it is. */
export function untouched(digest: string): Past {
  return { digest, revision: 0, past: [] };
}

/** The row as another state follows. */
export function followedBy({ digest, revision, past }: Past, next: string | null): Past {
  const former = [...past.filter((one) => one !== (digest ?? deleted)), digest ?? deleted];
  return { digest: next, revision: revision + 1, past: former.slice(-pastMax) };
}

/** What stands among the former states for having been deleted. */
const deleted = "-";

/**
 * How `here` stands to `there`: what the other one was once is behind. Where both were what the
 * other is (a change was taken back), who changed more often is ahead.
 */
export function standing(here: Past, there: Past): Standing {
  if (here.digest === there.digest) return "same";
  const wasThere = here.past.includes(there.digest ?? deleted);
  const wasHere = there.past.includes(here.digest ?? deleted);
  if (wasThere && wasHere) {
    if (here.revision === there.revision) return "conflict";
    return here.revision > there.revision ? "ahead" : "behind";
  }
  if (wasThere) return "ahead";
  return wasHere ? "behind" : "conflict";
}

/** What a row that both have alike, or that one took over, came to be by both ways. */
export function joined(digest: string | null, one: Past, other: Past): Past {
  const past = [
    ...new Set([...one.past, ...other.past, one.digest ?? deleted, other.digest ?? deleted]),
  ].filter((state) => state !== (digest ?? deleted));
  return {
    digest,
    revision: Math.max(one.revision, other.revision),
    past: past.slice(-pastMax),
  };
}

/** Whether nothing speaks of it that its digest does not tell. */
export function isPlain({ digest, past }: Past): boolean {
  return digest !== null && past.length === 0;
}
