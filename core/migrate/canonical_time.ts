import { Misfit } from "./misfit.ts";

const moment =
  /^(\d{4})-(\d\d)-(\d\d)[ T]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?(?:Z|\+00(?::?00)?)?$/;
const day = /^(\d{4})-(\d\d)-(\d\d)$/;

/**
 * A time as both engines give it: UTC with six decimals and no zone. SQLite may hold it with three
 * or none (COMPAT §14.2). Throws a {@link Misfit} for what is no time of the calendar.
 */
export function canonicalTime(text: string): string {
  const [, year, month, date, hour, minute, second, fraction = ""] = moment.exec(text) ?? [];
  if (year === undefined || !isDate(year, month!, date!)) {
    throw new Misfit("is no time", "give it a time such as 2026-01-31 12:00:00.000000, in UTC");
  }
  return `${year}-${month}-${date} ${hour}:${minute}:${second}.${fraction.padEnd(6, "0")}`;
}

/** Throws a {@link Misfit} for what is no day of the calendar. */
export function canonicalDate(text: string): string {
  const [, year, month, date] = day.exec(text) ?? [];
  if (year !== undefined && isDate(year, month!, date!)) return text;
  throw new Misfit("is no day", "give it a day such as 2026-01-31");
}

/** Days of each month; that of a leap year is looked at apart. */
const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(year: string, month: string, date: string): boolean {
  const [y, m, d] = [Number(year), Number(month), Number(date)];
  if (y < 1 || m < 1 || m > 12 || d < 1) return false;
  const isLeap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  return d <= days[m - 1]! + (m === 2 && isLeap ? 1 : 0);
}
