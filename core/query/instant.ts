/** The part of time that a text such as `2026-11`, `2026-11-24` or `2026-11-24 13:45` means. */
export interface TimeSpan {
  /** Its beginning as LaminDB writes times in text: UTC, no zone, no trailing zeros. */
  readonly start: string;
  /** The beginning of what comes after it. */
  readonly end: string;
}

const form =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?)?)?$/i;

/** Reads a date or time, in UTC unless it has a zone; undefined when it is none. */
export function parseTimeSpan(text: string): TimeSpan | undefined {
  const found = form.exec(text.trim());
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = found;
  const [y, mo, d, h, mi, s] = [
    year,
    month ?? "01",
    day ?? "01",
    hour ?? 0,
    minute ?? 0,
    second ?? 0,
  ]
    .map(Number) as [number, number, number, number, number, number];
  const start = Date.UTC(y, mo - 1, d, h, mi, s);
  const date = new Date(start);
  // Date.UTC takes the 31st of February for the 3rd of March.
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d || h > 23 || mi > 59 || s > 59) {
    return undefined;
  }
  const shift = zoneMinutes(zone) * 60_000;
  if (fraction !== undefined) return withFraction(start - shift, fraction);
  const end = second !== undefined
    ? start + 1000
    : minute !== undefined
    ? start + 60_000
    : day !== undefined
    ? Date.UTC(y, mo - 1, d + 1)
    : month !== undefined
    ? Date.UTC(y, mo, 1)
    : Date.UTC(y + 1, 0, 1);
  return { start: wholeSeconds(start - shift), end: wholeSeconds(end - shift) };
}

function withFraction(start: number, fraction: string): TimeSpan {
  const micros = Number(fraction.padEnd(6, "0"));
  const next = micros + 10 ** (6 - fraction.length);
  const text = (value: number) => String(value).padStart(6, "0").replace(/0+$/, "");
  const startText = wholeSeconds(start) + (micros === 0 ? "" : `.${text(micros)}`);
  const end = next >= 1_000_000
    ? wholeSeconds(start + 1000)
    : `${wholeSeconds(start)}.${text(next)}`;
  return { start: startText, end };
}

function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined || /^(Z|UTC)$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}

function wholeSeconds(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}
