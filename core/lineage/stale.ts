import type { Reader } from "../../store/database/database.ts";
import { stemUid } from "../identity/uid.ts";
import { runsReached } from "./closure.ts";
import { currentVersions, isReplaced } from "./current_versions.ts";
import { type DataKind, type Edge, inputsOf, outputsOf, producersOf } from "./edges.ts";
import { movedInputs } from "./moved_inputs.ts";
import { type DataNode, dataNodes, type RunNode, runNodes } from "./nodes.ts";
import { inOrder } from "./topological.ts";

/** A current version whose inputs moved on since it was made. */
export interface StaleOutput {
  readonly output: DataNode;
  /** The last run that made it, or made it again. */
  readonly run: RunNode;
  /** What that run read and has another current version now. */
  readonly moved: readonly { readonly input: DataNode; readonly current: DataNode }[];
  /** Stale outputs that it was made from: they come before it, unless they make a circle. */
  readonly after: readonly DataNode[];
}

const kinds = ["artifact", "collection"] as const;

/**
 * The outputs, as the branch sees them, that were made from something of which another version is
 * current now, or from a stale output: first what the others are made from. A run that made an
 * output again counts in place of the one before. The number of queries does not depend on the
 * number of outputs.
 */
export async function staleOutputs(reader: Reader, branch: number): Promise<StaleOutput[]> {
  const moved = {
    artifact: await movedInputs(reader, "artifact", branch),
    collection: await movedInputs(reader, "collection", branch),
  };
  if (moved.artifact.length + moved.collection.length === 0) return [];
  const runs = await runsAfter(reader, moved);
  const region = await regionOf(reader, runs, branch);
  return staleIn(region, branch);
}

/** All runs that read the data or what was made from it. */
async function runsAfter(
  reader: Reader,
  data: Readonly<Record<DataKind, readonly number[]>>,
): Promise<number[]> {
  const starts = kinds.map((kind) => ({ kind, list: reader.dialect.valuesOf(data[kind]) }));
  return await runsReached(
    reader,
    "down",
    starts.map(({ kind, list }) =>
      `SELECT run_id AS id FROM lamindb_${kind}_input_of_runs WHERE ${kind}_id IN (${list.sql})`
    ).join(" UNION "),
    starts.flatMap(({ list }) => list.parameters),
  );
}

/** All that is needed of the runs that may have made something stale. */
interface Region {
  readonly inputs: ReadonlyMap<number, readonly string[]>;
  /** The last run that made each current output. */
  readonly makers: ReadonlyMap<string, RunNode>;
  readonly nodes: ReadonlyMap<string, DataNode>;
  /** The current version of each family, by its kind and stem. */
  readonly current: ReadonlyMap<string, string>;
}

async function regionOf(
  reader: Reader,
  runs: readonly number[],
  branch: number,
): Promise<Region> {
  const outputs = await outputsOf(reader, runs);
  const idsOf = (edges: readonly Edge[], kind: DataKind) => [
    ...new Set(edges.filter(({ data }) => data === kind).map(({ dataId }) => dataId)),
  ];
  const made = { artifact: idsOf(outputs, "artifact"), collection: idsOf(outputs, "collection") };
  const makings = await producersOf(reader, made);
  const makers = await runNodes(reader, [...new Set(makings.map(({ runId }) => runId))]);
  const inputs = await inputsOf(reader, makers.map(({ id }) => id));
  const nodes = new Map<string, DataNode>();
  const current = new Map<string, string>();
  for (const kind of kinds) {
    const ids = [...new Set([...made[kind], ...idsOf(inputs, kind)])];
    const found = await dataNodes(reader, kind, ids);
    const heads = await currentVersions(reader, kind, found.map(({ uid }) => uid), branch);
    for (const [stem, { id }] of heads) current.set(`${kind} ${stem}`, `${kind} ${id}`);
    const known = new Set(ids);
    const others = [...heads.values()].map(({ id }) => id).filter((id) => !known.has(id));
    for (const node of [...found, ...await dataNodes(reader, kind, others)]) {
      nodes.set(`${kind} ${node.id}`, node);
    }
  }
  return {
    inputs: Map.groupBy(inputs, ({ runId }) => runId)
      .entries().reduce(
        (all, [run, edges]) => all.set(run, edges.map((edge) => `${edge.data} ${edge.dataId}`)),
        new Map<number, string[]>(),
      ),
    makers: lastMakers(makings, makers),
    nodes,
    current,
  };
}

/** Of the runs that made each piece of data the one that began last. */
function lastMakers(
  makings: readonly Edge[],
  runs: readonly RunNode[],
): Map<string, RunNode> {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const last = new Map<string, RunNode>();
  for (const { data, dataId, runId } of makings) {
    const run = byId.get(runId);
    if (run === undefined) continue;
    const name = `${data} ${dataId}`;
    const other = last.get(name);
    if (other === undefined || beganAfter(run, other)) last.set(name, run);
  }
  return last;
}

function beganAfter(run: RunNode, other: RunNode): boolean {
  const [a, b] = [run.started_at ?? "", other.started_at ?? ""];
  return a === b ? run.id > other.id : a > b;
}

function staleIn(region: Region, branch: number): StaleOutput[] {
  const { makers, nodes } = region;
  const read = new Map<string, Read[]>();
  for (const name of makers.keys()) {
    const node = nodes.get(name)!;
    if (currentOf(region, node) === name) read.set(name, readFor(region, name));
  }
  const isMoved = ({ input, current }: Read) =>
    input !== undefined && isReplaced(input, nodes.get(current), branch);
  const sourcesOf = (name: string) => read.get(name)!.map(({ current }) => current);
  const first = [...read.keys()].filter((name) => read.get(name)!.some(isMoved));
  const stale = spread(first, [...read.keys()], sourcesOf);
  const after = (name: string) => [...new Set(sourcesOf(name))].filter((one) => stale.has(one));
  return inOrder([...stale], after).map((name) => ({
    output: nodes.get(name)!,
    run: makers.get(name)!,
    moved: read.get(name)!.filter(isMoved)
      .map(({ input, current }) => ({ input: input!, current: nodes.get(current)! })),
    after: after(name).map((source) => nodes.get(source)!),
  }));
}

/** What a run read, with the name of what is current in its place. */
interface Read {
  readonly input: DataNode | undefined;
  readonly current: string;
}

function currentOf({ current }: Region, { kind, uid }: DataNode): string | undefined {
  return current.get(`${kind} ${stemUid(uid)}`);
}

/**
 * What the last run that made something read. What that run made itself in place of something that
 * it read has not moved on since.
 */
function readFor(region: Region, output: string): Read[] {
  const run = region.makers.get(output)!;
  return (region.inputs.get(run.id) ?? [])
    .map((name) => {
      const input = region.nodes.get(name);
      return { input, current: (input && currentOf(region, input)) ?? name };
    })
    .filter(({ current }) => region.makers.get(current)?.id !== run.id);
}

/** The names that are stale at first, and all that have a stale one among their sources. */
function spread(
  first: readonly string[],
  candidates: readonly string[],
  sourcesOf: (name: string) => readonly string[],
): Set<string> {
  const users = new Map<string, string[]>();
  for (const name of candidates) {
    for (const source of sourcesOf(name)) {
      const list = users.get(source);
      if (list === undefined) users.set(source, [name]);
      else list.push(name);
    }
  }
  const stale = new Set(first);
  // A set is walked over what is added to it meanwhile, too.
  for (const name of stale) for (const user of users.get(name) ?? []) stale.add(user);
  return stale;
}
