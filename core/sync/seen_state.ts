import type { Reader } from "../../store/database/database.ts";

/** A state of a database that was read. */
export interface SeenState {
  readonly reader: Reader;
  /** What the database called it; undefined where it cannot tell whether it is the same again. */
  readonly version: number | undefined;
}

export async function seenState(reader: Reader): Promise<SeenState> {
  return { reader, version: await reader.othersVersion() };
}

/**
 * Whether nobody changed a database between two states of it, but for what was written by the
 * connection that read both.
 */
export function isSameState(one: SeenState | undefined, other: SeenState | undefined): boolean {
  return one !== undefined && one.version !== undefined && one.version === other?.version &&
    one.reader === other.reader;
}
