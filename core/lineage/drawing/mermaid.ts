import type { Lineage } from "../lineage.ts";
import type { Node } from "../nodes.ts";
import { type DrawnEdge, drawnGraph, type DrawnNode } from "./drawn_graph.ts";

/**
 * A lineage as a flowchart of Mermaid, as documents on GitHub and elsewhere show it. Names are
 * quoted, with entities for all that Mermaid, Markdown or HTML could take for their own.
 */
export function mermaidOf(lineage: Lineage): string {
  const { nodes, edges } = drawnGraph(lineage);
  const root = nodes.find(({ isRoot }) => isRoot);
  return [
    "flowchart TD",
    ...nodes.map((node) => `  ${node.id}${shapeOf(node)}`),
    ...edges.map((edge) => `  ${edge.from} ${arrowOf(edge)} ${edge.to}`),
    "  classDef run fill:#eff2ff,stroke:#6b7bd6,color:#1f2430",
    "  classDef data fill:#ffffff,stroke:#8a8f98,color:#1f2430",
    "  classDef root fill:#fff4d6,stroke:#c98a00,color:#1f2430,stroke-width:2px",
    ...classes(nodes),
    ...root === undefined ? [] : [`  class ${root.id} root`],
  ].join("\n");
}

const brackets: Readonly<Record<Node["kind"], readonly [string, string]>> = {
  artifact: ["[", "]"],
  collection: ["[[", "]]"],
  run: ["([", "])"],
  transform: ["([", "])"],
};

function shapeOf({ kind, label: { title, facts } }: DrawnNode): string {
  const [open, close] = brackets[kind];
  return `${open}"${quoted(title)}<br/><small>${quoted(facts.join(" "))}</small>"${close}`;
}

function arrowOf({ isRemade, count }: DrawnEdge): string {
  const arrow = isRemade ? "-.->" : "-->";
  return count === undefined || count === 1 ? arrow : `${arrow}|${count}|`;
}

function classes(nodes: readonly DrawnNode[]): string[] {
  const isRun = ({ kind }: DrawnNode) => kind === "run" || kind === "transform";
  const of = (name: string, members: readonly DrawnNode[]) =>
    members.length === 0 ? [] : [`  class ${members.map(({ id }) => id).join(",")} ${name}`];
  return [...of("run", nodes.filter(isRun)), ...of("data", nodes.filter((one) => !isRun(one)))];
}

/** Letters and digits of all scripts, and what has no meaning inside of quotes. */
const plain = /[\p{L}\p{M}\p{N} ._\/@:,+=()'…-]/u;

function quoted(text: string): string {
  return Array.from(text, (one) => plain.test(one) ? one : `#${one.codePointAt(0)};`).join("");
}
