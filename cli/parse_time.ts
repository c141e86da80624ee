import { LaminError } from "../store/errors.ts";
import { timestamp } from "../store/database/values.ts";

const second = 1000;
/** Milliseconds of the units in which ages are given. */
const units: Readonly<Record<string, number>> = {
  second,
  minute: 60 * second,
  hour: 3600 * second,
  day: 86_400 * second,
  week: 7 * 86_400 * second,
  month: 30 * 86_400 * second,
  year: 365 * 86_400 * second,
};

const datePattern =
  /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/**
 * A moment as the database has times: `2026-11-24`, `2026-11-24 13:45`, ISO 8601, `now`, `today`,
 * `yesterday`, `2 days` or `3 hours ago`. Without a zone it is UTC, as all times that are shown.
 * A date means its start, or its end with `end`. Throws code "usage".
 */
export function parseTime(text: string, now: Date, edge: "start" | "end"): string {
  const word = text.trim().toLowerCase();
  if (word === "now") return timestamp(now);
  if (word === "today" || word === "yesterday") {
    const day = new Date(now.getTime() - (word === "today" ? 0 : units["day"]!));
    return dayEdge(timestamp(day).slice(0, 10), edge);
  }
  const age = /^(\d+|an?)\s*([a-z]+?)s?(?:\s+ago)?$/.exec(word);
  const unit = age === null ? undefined : units[age[2]!];
  if (age !== null && unit !== undefined) {
    const count = age[1]!.startsWith("a") ? 1 : Number(age[1]);
    const moment = new Date(now.getTime() - count * unit);
    if (Number.isNaN(moment.getTime()) || moment.getUTCFullYear() < 1) throw notATime(text);
    return timestamp(moment);
  }
  return parseDate(text.trim(), edge);
}

function parseDate(text: string, edge: "start" | "end"): string {
  const match = datePattern.exec(text);
  if (match === null) throw notATime(text);
  const [, year, month, day, hour, minute, seconds, fraction, zone] = match;
  const isUtc = zone === undefined || /^(z|utc)$/i.test(zone);
  const date = new Date(
    `${year}-${month}-${day ?? "01"}T${hour ?? "00"}:${minute ?? "00"}:${seconds ?? "00"}` +
      `${(fraction ?? "").slice(0, 4)}${isUtc ? "Z" : zone}`,
  );
  const isReal = !Number.isNaN(date.getTime()) &&
    (day === undefined || Number(day) <= daysIn(Number(year), Number(month)));
  if (!isReal) throw notATime(text);
  if (hour !== undefined) return timestamp(date);
  if (day !== undefined) return dayEdge(`${year}-${month}-${day}`, edge);
  const last = daysIn(Number(year), Number(month));
  return dayEdge(`${year}-${month}-${edge === "start" ? "01" : last}`, edge);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function dayEdge(day: string, edge: "start" | "end"): string {
  return edge === "start" ? `${day} 00:00:00.000000` : `${day} 23:59:59.999999`;
}

function notATime(text: string): LaminError {
  return new LaminError("usage", `'${text}' is no time`, {
    hint: "for example 2026-11-24, '2026-11-24 13:45', yesterday or '2 days ago'",
  });
}
