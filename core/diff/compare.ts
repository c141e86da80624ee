import { LaminError } from "../../store/errors.ts";
import type { BytesChanged, Change } from "../format/change.ts";
import type { DiffOptions, Format, Source } from "../format/format.ts";
import { firstDifference } from "./common_bytes.ts";
import { pickFormat } from "./pick.ts";

/**
 * The changes between two contents by the first of `formats` that knows both, ending with a
 * summary. Where that format sees no difference but the bytes do differ, one "bytes" change says
 * so, and the summary is not "identical".
 *
 * @throws LaminError "usage" for key columns in a format that has none, and what the format throws.
 */
export async function* compareSources(
  formats: readonly Format[],
  before: Source,
  after: Source,
  options: DiffOptions = {},
): AsyncGenerator<Change> {
  const format = await pickFormat(formats, before, after);
  if ((options.on?.length ?? 0) > 0 && !format.hasKeys) {
    throw new LaminError(
      "usage",
      `${after.name} is compared as ${format.name}, which has no key columns.`,
      { hint: "Leave out the key columns.", data: { name: after.name, format: format.name } },
    );
  }
  for await (const change of format.diff(before, after, options)) {
    if (change.kind !== "summary" || !change.same) {
      yield change;
      continue;
    }
    const bytes = await differentBytes(before, after);
    if (bytes !== null && options.changesMax !== 0) yield bytes;
    yield { ...change, identical: bytes === null };
  }
}

async function differentBytes(before: Source, after: Source): Promise<BytesChanged | null> {
  if (before.sha256 !== undefined && before.sha256 === after.sha256) return null;
  const offset = await firstDifference(before, after);
  return offset === null ? null : { ...bytesChanged(before, after, offset), same: true };
}

/** The change for contents of which `offset` is the first byte that differs. */
export function bytesChanged(before: Known, after: Known, offset: number): BytesChanged {
  return { kind: "bytes", before: known(before), after: known(after), offset };
}

type Known = Pick<Source, "size" | "sha256">;

function known({ size, sha256 }: Known): BytesChanged["before"] {
  return sha256 === undefined ? { size } : { size, sha256 };
}
