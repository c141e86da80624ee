import type { TimeUnits } from "./type_name.ts";

const perSecond = { ms: 1_000n, us: 1_000_000n, ns: 1_000_000_000n } as const;
const digits = { ms: 3, us: 6, ns: 9 } as const;

/** What `Date` can show, in seconds from 1970. */
const secondsMax = 8_640_000_000_000n;

/**
 * A count of units since 1970 as `2024-12-01 10:00:00.000000001+00:00`, since midnight as
 * `10:00:00`; the fraction without trailing zeros. A moment beyond the calendar stays a count with
 * its unit.
 */
export function timeText(count: number | bigint, { of, unit, isUtc }: TimeUnits): string {
  const value = BigInt(count);
  const rate = perSecond[unit];
  const part = ((value % rate) + rate) % rate;
  const seconds = (value - part) / rate;
  if (seconds > secondsMax || seconds < -secondsMax) return `${value} ${unit}`;
  const fraction = `${part}`.padStart(digits[unit], "0").replace(/0+$/, "");
  const iso = new Date(Number(seconds) * 1000).toISOString();
  const shown = of === "time" ? iso.slice(-13, -5) : iso.slice(0, -5).replace("T", " ");
  return shown + (fraction === "" ? "" : `.${fraction}`) + (isUtc && of !== "time" ? "+00:00" : "");
}

/** A count of days since 1970 as `2024-12-01`. */
export function dateText(days: number): string {
  const date = new Date(days * 86_400_000);
  return Number.isNaN(date.getTime()) ? `${days} days` : date.toISOString().slice(0, -14);
}
