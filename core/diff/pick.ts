import { LaminError } from "../../store/errors.ts";
import type { Format, Source } from "../format/format.ts";

/** Most bytes from the start of a content that formats get to see. */
const headBytes = 8192;

/**
 * The first of `formats` that recognises all of the sources. A list whose last format recognises
 * everything always has one.
 *
 * @throws LaminError "failed" when none does.
 */
export async function pickFormat(
  formats: readonly Format[],
  ...sources: readonly Source[]
): Promise<Format> {
  const heads = await Promise.all(
    sources.map((source) => source.read(0, Math.min(headBytes, source.size))),
  );
  const format = formats.find((one) =>
    sources.every((source, index) => one.sniff(heads[index]!, source.name))
  );
  if (format !== undefined) return format;
  throw new LaminError(
    "failed",
    `No format is known for ${sources.map((source) => source.name).join(" and ")}.`,
  );
}
