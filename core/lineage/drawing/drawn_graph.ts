import { escapeForTerminal } from "../../text/escape.ts";
import { type Label, labelOf } from "../label.ts";
import type { Lineage } from "../lineage.ts";
import type { Node } from "../nodes.ts";
import { inOrder } from "../topological.ts";

/** A lineage as a drawing needs it: what comes first, first; the words for each node. */
export interface DrawnGraph {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

export interface DrawnNode {
  /** `n0`, `n1`, …: safe in every format. */
  readonly id: string;
  /** What it is called, in one line without control characters, but nothing else escaped. */
  readonly label: Label;
  readonly kind: Node["kind"];
  /** Whether the lineage is that of this node. */
  readonly isRoot: boolean;
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  /** Of an output that was there before; drawn with dashes. */
  readonly isRemade: boolean;
  /** How many pieces of data go this way, where that is told. */
  readonly count: number | undefined;
}

/** Longer titles are cut in drawings: keys may have a thousand characters. */
const titleMax = 80;

/** The nodes in the order of data, with ids and words, and the edges between them. */
export function drawnGraph({ root, nodes, links }: Lineage): DrawnGraph {
  const sources = Map.groupBy(links, ({ to }) => to);
  const order = inOrder(
    [...nodes.keys()],
    (name) => (sources.get(name) ?? []).map(({ from }) => from).filter((from) => nodes.has(from)),
  );
  const ids = new Map(order.map((name, index) => [name, `n${index}`]));
  return {
    nodes: order.map((name) => {
      const node = nodes.get(name)!;
      const { title, facts } = labelOf(node);
      const label = { title: clean(title), facts: facts.map(clean) };
      return { id: ids.get(name)!, label, kind: node.kind, isRoot: name === root };
    }),
    edges: links.flatMap(({ from, to, role, count }) => {
      const [start, end] = [ids.get(from), ids.get(to)];
      if (start === undefined || end === undefined) return [];
      return [{ from: start, to: end, isRemade: role === "recreated", count }];
    }),
  };
}

function clean(text: string): string {
  const characters = [...escapeForTerminal(text)];
  if (characters.length <= titleMax) return characters.join("");
  return `…${characters.slice(-titleMax + 1).join("")}`;
}
