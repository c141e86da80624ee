import { LaminError } from "../../store/errors.ts";

/** LaminDB's column takes no longer name. */
const nameMax = 150;

/** Throws code "usage" for a name that a run cannot have. */
export function requireRunName(name: string | undefined): void {
  if (name === undefined || Array.from(name).length <= nameMax) return;
  throw new LaminError("usage", `the name of a run has at most ${nameMax} characters`);
}
