/** Which bytes of how many an answer holds; `to` is the last one. */
export interface ContentRange {
  readonly from: number;
  readonly to: number;
  readonly total: number;
}

/**
 * Reads `bytes 0-9/100` (RFC 9110 §14.4); undefined for anything else, also where the total is not
 * told.
 */
export function parseContentRange(header: string | null): ContentRange | undefined {
  const [, from, to, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header ?? "") ?? [];
  if (total === undefined) return undefined;
  const range = { from: Number(from), to: Number(to), total: Number(total) };
  return range.from <= range.to && range.to < range.total ? range : undefined;
}

/** The total of an answer that no byte is in the range: the 0 of `bytes * /0`. */
export function totalOfUnsatisfied(header: string | null): number | undefined {
  const total = /^bytes \*\/(\d{1,15})$/.exec(header ?? "")?.[1];
  return total === undefined ? undefined : Number(total);
}
