import { LaminError } from "../../store/errors.ts";

const powers: Readonly<Record<string, number>> = { "": 0, k: 1, m: 2, g: 3, t: 4 };

/**
 * An amount of bytes such as `500MB`, `20 GiB` or `1073741824`, base 1024 as amounts are shown.
 * Throws code "usage".
 */
export function parseBytes(text: string): number {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?\s*$/i.exec(text) ?? [];
  const bytes = Math.round(Number(number) * 1024 ** powers[unit?.toLowerCase() ?? ""]!);
  if (number !== undefined && Number.isSafeInteger(bytes)) return bytes;
  throw new LaminError("usage", `'${text}' is no amount of bytes`, {
    hint: "for example 500MB or 20GB",
  });
}
