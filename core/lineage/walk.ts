import type { Reader } from "../../store/database/database.ts";
import { runsReached } from "./closure.ts";
import {
  consumersOf,
  type DataIds,
  type DataKind,
  type Edge,
  inputsOf,
  outputsOf,
  producersOf,
} from "./edges.ts";

/** Where a walk starts: data, or runs. */
export type Start = {
  readonly kind: DataKind | "run";
  readonly id: number;
};

export type Direction = "up" | "down";

/** Data and runs by their ids. */
export interface Starts extends DataIds {
  readonly run: readonly number[];
}

/** What steps are asked for: from data to runs, and from runs to data. */
const stepsOf = {
  up: { toRuns: producersOf, toData: inputsOf },
  down: { toRuns: consumersOf, toData: outputsOf },
} as const;

/**
 * The steps from `start` to all that it was made from (`up`) or all that was made from it (`down`),
 * over `depth` runs at most, each once. The number of queries does not depend on that of nodes:
 * four without a depth, else two for each level.
 */
export async function walk(
  reader: Reader,
  start: Starts,
  direction: Direction,
  depth: number,
): Promise<Edge[]> {
  return depth === Infinity
    ? await walkAll(reader, start, direction)
    : await walkLevels(reader, start, direction, depth);
}

/** Finds all runs first, so that a chain of very many takes no longer than as many side by side. */
async function walkAll(reader: Reader, start: Starts, direction: Direction): Promise<Edge[]> {
  const { toRuns, toData } = stepsOf[direction];
  const first = await toRuns(reader, start);
  const firstRuns = reader.dialect.valuesOf([
    ...new Set([...start.run, ...first.map(({ runId }) => runId)]),
  ]);
  if (start.run.length === 0 && first.length === 0) return [];
  const runs = await runsReached(
    reader,
    direction,
    `SELECT value AS id FROM (${firstRuns.sql}) AS first_`,
    firstRuns.parameters,
  );
  const steps = await toData(reader, runs);
  const ids = (kind: DataKind) => [
    ...new Set([
      ...start[kind],
      ...steps.filter((step) => step.data === kind).map(({ dataId }) => dataId),
    ]),
  ];
  const data = { artifact: ids("artifact"), collection: ids("collection") };
  return [...await toRuns(reader, data), ...steps];
}

async function walkLevels(
  reader: Reader,
  start: Starts,
  direction: Direction,
  depth: number,
): Promise<Edge[]> {
  const { toRuns, toData } = stepsOf[direction];
  const found: Edge[] = [];
  const seen = {
    artifact: new Set(start.artifact),
    collection: new Set(start.collection),
    run: new Set(start.run),
  };
  let data: DataIds = start;
  for (let level = 0; level < depth; level++) {
    const made = await toRuns(reader, data);
    for (const step of made) found.push(step);
    const runs = unseen(made.map(({ runId }) => runId), seen.run);
    if (level === 0) runs.push(...start.run);
    if (runs.length === 0) return found;
    const steps = await toData(reader, runs);
    for (const step of steps) found.push(step);
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
