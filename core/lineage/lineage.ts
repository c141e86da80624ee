import type { Reader } from "../../store/database/database.ts";
import type { Edge } from "./edges.ts";
import { nodeName } from "./node_name.ts";
import { dataNodes, type Node, runNodes, transformFacts } from "./nodes.ts";
import { transformGraph } from "./transform_graph.ts";
import { type Direction, type Start, type Starts, walk } from "./walk.ts";

/** What something was made from, or what was made from it. */
export interface Lineage {
  /** Nodes are named by kind and id: `artifact 12`. */
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
  const names = new Names();
  const nodes = await nodesOf(reader, starts, edges, names);
  const links = linksOf(edges, names);
  if (start.kind === "transform") {
    const facts = await transformFacts(reader, [start.id]);
    return transformGraph({ nodes, links, root: undefined, start: facts.get(start.id) });
  }
  const root = names.of(start.kind, start.id);
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
  names: Names,
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
  return new Map(found.map((node) => [names.of(node.kind, node.id), node]));
}

/** Of the steps between a run and the same data, making counts before reading. */
function linksOf(edges: readonly Edge[], names: Names): Link[] {
  const links: Link[] = [];
  const places = new Map<string, Map<number, number>>();
  for (const { data, dataId, runId, role } of edges) {
    const [item, run] = [names.of(data, dataId), names.of("run", runId)];
    const link = role === "input" ? { from: item, to: run, role } : { from: run, to: item, role };
    let ofItem = places.get(item);
    if (ofItem === undefined) places.set(item, ofItem = new Map());
    const place = ofItem.get(runId);
    if (place === undefined) ofItem.set(runId, links.push(link) - 1);
    else if (links[place]!.role === "input" && role !== "input") links[place] = link;
  }
  return links;
}

/** The names of nodes, each made once: a million strings that are alike take their time. */
class Names {
  readonly #known = new Map<string, Map<number, string>>();

  of(kind: string, id: number): string {
    let ofKind = this.#known.get(kind);
    if (ofKind === undefined) this.#known.set(kind, ofKind = new Map());
    let name = ofKind.get(id);
    if (name === undefined) ofKind.set(id, name = nodeName({ kind, id }));
    return name;
  }
}
