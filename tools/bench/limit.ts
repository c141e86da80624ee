import { fixed, readableBytes, readableSeconds } from "./readable.ts";

/** What lamin must reach in a scene. */
export type Limit =
  /** At most so long. */
  | { readonly kind: "time"; readonly seconds: number }
  /** At most so many times what these tools needed together in the same scene. */
  | { readonly kind: "times"; readonly of: readonly string[]; readonly factor: number }
  /** At most so many times what the fastest of these needed in the same scene. */
  | { readonly kind: "times fastest"; readonly of: readonly string[]; readonly factor: number }
  /** Faster than every peer that was measured. */
  | { readonly kind: "ahead of peers" }
  /** At most so many times what lamin needed in another scene. */
  | { readonly kind: "times scene"; readonly scene: string; readonly factor: number }
  /** At least so many things a second. */
  | { readonly kind: "rate"; readonly perSecond: number }
  /** Less peak memory than this. */
  | { readonly kind: "memory"; readonly bytes: number }
  /** At most so many bytes from a server. */
  | { readonly kind: "received"; readonly bytes: number };

/** What a limit is compared with. Times are medians in seconds. */
export interface Standing {
  readonly seconds: number;
  readonly peakBytes: number | undefined;
  readonly receivedBytes?: number | undefined;
  readonly count: number | undefined;
  /** Of the tools of the same scene. */
  readonly tools: ReadonlyMap<string, { readonly kind: string; readonly seconds: number }>;
  /** Of lamin in other scenes. */
  readonly scenes: ReadonlyMap<string, number>;
}

export interface Verdict {
  /** `limit 3 × git: 2.10 ×`. */
  readonly text: string;
  /** Unknown where there is nothing to compare with. */
  readonly state: "met" | "missed" | "unknown";
}

/** Compares lamin's figures with a limit. */
export function judge(limit: Limit, standing: Standing): Verdict {
  const { seconds, peakBytes, count, tools, scenes } = standing;
  switch (limit.kind) {
    case "time":
      return verdict(
        `limit ${readableSeconds(limit.seconds)}`,
        readableSeconds(seconds),
        seconds <= limit.seconds,
      );
    case "times": {
      const others = limit.of.map((name) => tools.get(name)?.seconds);
      const sum = limit.of.length > 1 ? `(${limit.of.join(" + ")})` : limit.of[0]!;
      return compare(seconds, limit.factor, sum, others);
    }
    case "times fastest":
      return timesFastest(seconds, limit.factor, limit.of, tools);
    case "times scene":
      return compare(seconds, limit.factor, limit.scene, [scenes.get(limit.scene)]);
    case "ahead of peers":
      return aheadOfPeers(seconds, tools);
    case "rate": {
      const wanted = `limit ${Math.round(limit.perSecond).toLocaleString("en")} a second`;
      if (count === undefined) return unknown(wanted, "nothing was counted");
      const rate = count / seconds;
      return verdict(wanted, Math.round(rate).toLocaleString("en"), rate >= limit.perSecond);
    }
    case "memory": {
      const wanted = `limit ${readableBytes(limit.bytes)} of memory`;
      if (peakBytes === undefined) return unknown(wanted, "memory was not measured");
      return verdict(wanted, readableBytes(peakBytes), peakBytes < limit.bytes);
    }
    case "received": {
      const wanted = `limit ${readableBytes(limit.bytes)} received`;
      const { receivedBytes } = standing;
      if (receivedBytes === undefined) return unknown(wanted, "nobody counted");
      return verdict(wanted, readableBytes(receivedBytes), receivedBytes <= limit.bytes);
    }
  }
}

function compare(
  seconds: number,
  factor: number,
  what: string,
  others: readonly (number | undefined)[],
): Verdict {
  const wanted = `limit ${factor} × ${what}`;
  if (others.some((one) => one === undefined)) return unknown(wanted, "that was not measured");
  const ratio = seconds / others.reduce<number>((sum, one) => sum + one!, 0);
  return verdict(wanted, `${fixed(ratio)} ×`, ratio <= factor);
}

function timesFastest(
  seconds: number,
  factor: number,
  names: readonly string[],
  tools: Standing["tools"],
): Verdict {
  const wanted = `limit ${factor} × the fastest of ${names.join(", ")}`;
  const measured = [...tools].filter(([name]) => names.includes(name));
  if (measured.length === 0) return unknown(wanted, "none was measured");
  const [name, { seconds: best }] = fastest(measured);
  return verdict(wanted, `${fixed(seconds / best)} × ${name}`, seconds / best <= factor);
}

function aheadOfPeers(seconds: number, tools: Standing["tools"]): Verdict {
  const peers = [...tools].filter(([, { kind }]) => kind === "peer");
  const wanted = "limit ahead of every peer";
  if (peers.length === 0) return unknown(wanted, "none was measured");
  const [name, { seconds: best }] = fastest(peers);
  return verdict(wanted, `${fixed(seconds / best)} × ${name}, the fastest`, seconds < best);
}

function fastest<T extends readonly [string, { readonly seconds: number }]>(all: readonly T[]): T {
  return all.reduce((one, other) => other[1].seconds < one[1].seconds ? other : one);
}

function verdict(wanted: string, reached: string, met: boolean): Verdict {
  return { text: `${wanted}: ${reached}`, state: met ? "met" : "missed" };
}

function unknown(wanted: string, why: string): Verdict {
  return { text: `${wanted}: ${why}`, state: "unknown" };
}
