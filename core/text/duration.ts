import { LaminError } from "../../store/errors.ts";

/** Milliseconds of each unit. */
const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * The milliseconds of `90s`, `90m`, `12h`, `14d`, `2w`, or of `0` for no time at all.
 *
 * @throws LaminError "usage" for any other text.
 */
export function parseDuration(text: string): number {
  if (text === "0") return 0;
  const [, count, unit] = /^(\d{1,9}(?:\.\d{1,3})?)([smhdw])$/.exec(text.trim()) ?? [];
  if (count === undefined) {
    throw new LaminError("usage", `'${text}' is no length of time`, {
      hint: "write 90s, 90m, 12h, 14d, 2w or 0",
      data: { duration: text },
    });
  }
  return Number(count) * units[unit!]!;
}
