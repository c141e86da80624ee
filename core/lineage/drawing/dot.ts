import type { Lineage } from "../lineage.ts";
import { type DrawnEdge, drawnGraph, type DrawnNode } from "./drawn_graph.ts";

/**
 * A lineage in the language of Graphviz, with the shapes and colours of Python's `view_lineage`
 * (COMPAT §13.2).
 */
export function dotOf(lineage: Lineage): string {
  const { nodes, edges } = drawnGraph(lineage);
  return [
    "digraph lineage {",
    '  node [shape=box, style="rounded,filled", fillcolor=white, fontname=Helvetica, fontsize=10]',
    "  edge [arrowsize=0.7]",
    ...nodes.map((node) => `  ${node.id} [${attributesOf(node)}]`),
    ...edges.map((edge) => `  ${edge.from} -> ${edge.to}${styleOf(edge)}`),
    "}",
  ].join("\n");
}

function attributesOf({ label: { title, facts }, kind, isRoot }: DrawnNode): string {
  const isRun = kind === "run" || kind === "transform";
  const fill = isRoot ? "#fff4d6" : isRun ? "#eff2ff" : undefined;
  return [
    `label="${quoted(title)}\\n${quoted(facts.join(" "))}"`,
    ...fill === undefined ? [] : [`fillcolor="${fill}"`],
    ...isRoot ? ["penwidth=2"] : [],
  ].join(", ");
}

function styleOf({ isRemade, count }: DrawnEdge): string {
  const attributes = [
    ...isRemade ? ["style=dashed"] : [],
    ...count === undefined || count === 1 ? [] : [`label="${count}"`],
  ];
  return attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`;
}

/** Graphviz takes backslashes and entities of HTML in a label for its own. */
function quoted(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
