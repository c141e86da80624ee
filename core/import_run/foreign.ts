import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";

/** An object of JSON from elsewhere, of which nothing was checked. */
export type ForeignObject = Readonly<Record<string, unknown>>;

/** Longer files are none that a workflow manager writes for one task, in bytes. */
const fileBytesMax = 64 * 1024 * 1024;

/**
 * The text of a file from elsewhere; undefined when there is none. Links are not followed. Throws
 * code "failed" for one that is too long.
 */
export function readForeign(host: Host, path: string): string | undefined {
  const stat = host.files.lstat(path);
  if (stat?.kind !== "file") return undefined;
  if (stat.size > fileBytesMax) {
    throw new LaminError("failed", `${path} is too long for what it ought to be`, {
      hint: "move it away to import without it",
      data: { path },
    });
  }
  return new TextDecoder().decode(host.files.readFile(path));
}

/** The object in a text of JSON; undefined where that is something else. */
export function parseForeign(text: string | undefined): ForeignObject | undefined {
  if (text === undefined) return undefined;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): ForeignObject | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? value as ForeignObject : undefined;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that is not empty; undefined for anything else. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.toWellFormed() : undefined;
}

export function asTexts(value: unknown): string[] {
  return asList(value).flatMap((one) => asText(one) ?? []);
}

/** A time in seconds since 1970; undefined for what is none between then and the year 9999. */
export function asTime(seconds: unknown): Date | undefined {
  if (typeof seconds !== "number" || !(seconds >= 0 && seconds < 253_402_300_800)) return undefined;
  return new Date(seconds * 1000);
}

/** A time in the form of ISO 8601, or of SQL in UTC; undefined for what is none. */
export function asIsoTime(value: unknown): Date | undefined {
  const text = asText(value);
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.exec(
    text ?? "",
  );
  if (found === null) return undefined;
  const [, date, time, fraction = "", zone = "Z"] = found;
  const parsed = new Date(`${date}T${time}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed;
}
