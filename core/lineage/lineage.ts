import type { Reader } from "../../store/database/database.ts";
import type { Edge } from "./edges.ts";
import { dataNodes, type Node, runNodes } from "./nodes.ts";
import { type Direction, type Start, walk } from "./walk.ts";

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
  readonly role: Edge["role"];
}

/** How nodes are named here: `artifact 12`. */
export function nodeName({ kind, id }: Start): string {
  return `${kind} ${id}`;
}

/**
 * The lineage of data or of a run in the given directions, over `depth` runs each way. What is both
 * input and output of a run counts as output (COMPAT §13.2).
 */
export async function lineageOf(
  reader: Reader,
  start: Start,
  directions: readonly Direction[],
  depth = Infinity,
): Promise<Lineage> {
  const links = new Map<string, Link>();
  const nodes = {
    artifact: new Set<number>(),
    collection: new Set<number>(),
    run: new Set<number>(),
  };
  nodes[start.kind].add(start.id);
  const edges: Edge[] = [];
  for (const direction of directions) {
    for (const edge of await walk(reader, start, direction, depth)) edges.push(edge);
  }
  for (const { data, dataId, runId, role } of edges) {
    nodes[data].add(dataId);
    nodes.run.add(runId);
    const pair = `${data} ${dataId} ${runId}`;
    const known = links.get(pair);
    if (known !== undefined && (known.role !== "input" || role === "input")) continue;
    const [item, run] = [
      nodeName({ kind: data, id: dataId }),
      nodeName({ kind: "run", id: runId }),
    ];
    const [from, to] = role === "input" ? [item, run] : [run, item];
    links.set(pair, { from, to, role });
  }
  const found = [
    ...await dataNodes(reader, "artifact", [...nodes.artifact]),
    ...await dataNodes(reader, "collection", [...nodes.collection]),
    ...await runNodes(reader, [...nodes.run]),
  ];
  return {
    root: nodeName(start),
    nodes: new Map(found.map((node) => [nodeName(node), node])),
    links: [...links.values()],
  };
}
