import type { Reader } from "../../store/database/database.ts";
import {
  consumersOf,
  type DataIds,
  type DataKind,
  type Edge,
  inputsOf,
  outputsOf,
  producersOf,
} from "./edges.ts";

/** Where a walk starts: data, or a run. */
export interface Start {
  readonly kind: DataKind | "run";
  readonly id: number;
}

export type Direction = "up" | "down";

/**
 * The steps from `start` to all that it was made from (`up`) or all that was made from it (`down`),
 * over `depth` runs at most, each once. Two queries for each level, whatever the number of nodes in
 * it.
 */
export async function walk(
  reader: Reader,
  start: Start,
  direction: Direction,
  depth: number,
): Promise<Edge[]> {
  const [toRuns, toData] = direction === "up" ? [producersOf, inputsOf] : [consumersOf, outputsOf];
  const found: Edge[] = [];
  const seen = {
    artifact: new Set<number>(),
    collection: new Set<number>(),
    run: new Set<number>(),
  };
  seen[start.kind].add(start.id);
  let data: DataIds = {
    artifact: start.kind === "artifact" ? [start.id] : [],
    collection: start.kind === "collection" ? [start.id] : [],
  };
  let runs: readonly number[] = start.kind === "run" ? [start.id] : [];
  for (let level = 0; level < depth; level++) {
    if (level > 0 || start.kind !== "run") {
      const steps = await toRuns(reader, data);
      found.push(...steps);
      runs = unseen(steps.map(({ runId }) => runId), seen.run);
    }
    if (runs.length === 0) return found;
    const steps = await toData(reader, runs);
    found.push(...steps);
    const idsOf = (kind: DataKind) =>
      unseen(steps.filter((step) => step.data === kind).map(({ dataId }) => dataId), seen[kind]);
    data = { artifact: idsOf("artifact"), collection: idsOf("collection") };
  }
  return found;
}

/** The ids that were not seen before, each once; they are seen from now on. */
function unseen(ids: readonly number[], seen: Set<number>): number[] {
  return ids.filter((id) => {
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
