import type { Neighbours } from "./neighbours.ts";

/**
 * Those in an instance without artifacts: what one command adds has a key of its own each, so none
 * is an earlier version of another.
 */
export const alone: Neighbours = {
  rows: [],
  contents: new Map(),
  unstored: new Set(),
  deletedUids: [],
};
