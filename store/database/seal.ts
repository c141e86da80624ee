import { LaminError } from "../errors.ts";

/** What the failure of a change begins with in a SQLite file whose rows were moved away. */
export const sealPrefix = "lamin: ";

/** The code of that failure in Postgres. */
export const sealState = "LM001";

/** A change was refused, as the rows were moved to another database. */
export function movedAway(sentence: string, cause: unknown): LaminError {
  return new LaminError("denied", sentence, {
    hint: "run the command again; if it still fails, 'lamin migrate-db' with that address ends " +
      "what was begun",
    cause,
  });
}
