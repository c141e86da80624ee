/** How often and how long a server is asked again. */
export interface Patience {
  /** Attempts in all. */
  readonly attempts: number;
  /** The longest first pause; the next ones are twice as long each, up to `longestMs`. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** How long an answer, or the next piece of one, is waited for. */
  readonly timeoutMs: number;
  /** Waits; replaced by tests. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

export const usualPatience: Patience = {
  attempts: 6,
  firstMs: 200,
  longestMs: 20_000,
  timeoutMs: 60_000,
  wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
};

/** Answers after which the same request may well succeed (RFC 9110, and S3's SlowDown). */
const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Whether a server that answered with this status is asked again. */
export function isPassing(status: number): boolean {
  return passing.has(status);
}

/**
 * The pause before the next attempt in milliseconds, chosen by chance so that many clients do not
 * come back together; undefined when the server wants to be left alone for longer than is waited.
 */
export function pauseBefore(
  patience: Patience,
  attempt: number,
  retryAfterMs: number | undefined,
): number | undefined {
  const longest = Math.min(patience.longestMs, patience.firstMs * 2 ** attempt);
  const own = longest * (0.5 + Math.random() / 2);
  if (retryAfterMs === undefined) return own;
  return retryAfterMs > patience.timeoutMs ? undefined : Math.max(own, retryAfterMs);
}

/** What `Retry-After` asks for: seconds or a date (RFC 9110 §10.2.3). */
export function retryAfterMs(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const until = Date.parse(header);
  return Number.isNaN(until) ? undefined : Math.max(0, until - now.getTime());
}
