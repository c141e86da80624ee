import { LaminError } from "../../../store/errors.ts";
import type { DrawnGraph, DrawnNode } from "./drawn_graph.ts";

/** Where everything of a drawing is, in the units that the sizes of nodes are given in. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Middles of nodes, by id. */
  readonly nodes: ReadonlyMap<string, Point>;
  /** The points that each edge goes through, in the order of the edges. */
  readonly edges: readonly (readonly Point[])[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** More than this nobody can look at, and finding places for it would take minutes. */
const laidOutMax = 1000;

/**
 * Finds places for the nodes, what comes first above, with few crossings. Throws code "usage" where
 * there are too many.
 */
export async function layOut(
  { nodes, edges }: DrawnGraph,
  sizeOf: (node: DrawnNode) => Size,
): Promise<Layout> {
  if (nodes.length > laidOutMax) {
    throw new LaminError("usage", `${nodes.length} nodes are too many for a picture`, {
      hint: "--depth, --up or --transforms make them fewer; --as dot takes any number",
      data: { nodes: nodes.length },
    });
  }
  // Loaded only now: it is the one verb that draws.
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 18, ranksep: 36, marginx: 12, marginy: 12 });
  for (const node of nodes) graph.setNode(node.id, { ...sizeOf(node) });
  edges.forEach(({ from, to }, index) => graph.setEdge(from, to, {}, String(index)));
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as Partial<Size>;
  return {
    width,
    height,
    nodes: new Map(nodes.map(({ id }) => [id, graph.node(id) as Point])),
    edges: edges.map(({ from, to }, index) =>
      (graph.edge(from, to, String(index)) as { points: Point[] }).points
    ),
  };
}
