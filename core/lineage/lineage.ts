import type { Reader } from "../../store/database/database.ts";
import type { Edge } from "./edges.ts";
import { dataNodes, type Node, runNodes, transformFacts } from "./nodes.ts";
import { transformGraph } from "./transform_graph.ts";
import { type Direction, type Start, type Starts, walk } from "./walk.ts";

/** What something was made from, or what was made from it. */
export interface Lineage {
  readonly root: string;
  readonly nodes: ReadonlyMap<string, Node>;
  /** Steps in the direction of data: from input to run, from run to output. */
  readonly links: readonly Link[];
}

export interface Link {
  readonly from: string;
  readonly to: string;
  /** Between transforms, what one makes is what the other reads. */
  readonly role: Edge["role"] | "data";
  /** How many pieces of data go this way, between transforms. */
  readonly count?: number;
}

export interface LineageRequest {
  /** Of a transform all runs are meant. */
  readonly start: Start | { readonly kind: "transform"; readonly id: number };
  readonly directions: readonly Direction[];
  /** Over how many runs to go each way; all unless given. */
  readonly depth?: number;
  /** Whether transforms take the place of runs, and what lies between them is left out. */
  readonly transforms?: boolean;
}

/** How nodes are named here: `artifact 12`. */
export function nodeName({ kind, id }: { readonly kind: string; readonly id: number }): string {
  return `${kind} ${id}`;
}

/**
 * The lineage of data, a run or a transform. What is both input and output of a run counts as
 * output (COMPAT §13.2). Graphs of any shape come to an end, with each step once.
 */
export async function lineageOf(reader: Reader, request: LineageRequest): Promise<Lineage> {
  const { start, directions, depth = Infinity } = request;
  const starts = await startsOf(reader, start);
  const edges: Edge[] = [];
  for (const direction of directions) {
    for (const edge of await walk(reader, starts, direction, depth)) edges.push(edge);
  }
  const nodes = await nodesOf(reader, starts, edges);
  const links = linksOf(edges);
  if (start.kind === "transform") {
    const facts = await transformFacts(reader, start.id);
    return transformGraph({ nodes, links, root: undefined, start: facts });
  }
  const root = nodeName(start);
  if (!request.transforms) return { root, nodes, links };
  return transformGraph({ nodes, links, root, start: undefined });
}

async function startsOf(
  reader: Reader,
  { kind, id }: LineageRequest["start"],
): Promise<Starts> {
  const none = { artifact: [], collection: [], run: [] };
  if (kind !== "transform") return { ...none, [kind]: [id] };
  const rows = await reader.all<{ id: number }>(
    "SELECT id FROM lamindb_run WHERE transform_id = ? ORDER BY id",
    [id],
  );
  return { ...none, run: rows.map((row) => Number(row.id)) };
}

async function nodesOf(
  reader: Reader,
  starts: Starts,
  edges: readonly Edge[],
): Promise<Map<string, Node>> {
  const ids = {
    artifact: new Set(starts.artifact),
    collection: new Set(starts.collection),
    run: new Set(starts.run),
  };
  for (const { data, dataId, runId } of edges) {
    ids[data].add(dataId);
    ids.run.add(runId);
  }
  const found = [
    ...await dataNodes(reader, "artifact", [...ids.artifact]),
    ...await dataNodes(reader, "collection", [...ids.collection]),
    ...await runNodes(reader, [...ids.run]),
  ];
  return new Map(found.map((node) => [nodeName(node), node]));
}

function linksOf(edges: readonly Edge[]): Link[] {
  const links = new Map<string, Link>();
  for (const { data, dataId, runId, role } of edges) {
    const pair = `${data} ${dataId} ${runId}`;
    const known = links.get(pair);
    if (known !== undefined && (known.role !== "input" || role === "input")) continue;
    const [item, run] = [`${data} ${dataId}`, `run ${runId}`];
    const [from, to] = role === "input" ? [item, run] : [run, item];
    links.set(pair, { from, to, role });
  }
  return [...links.values()];
}
