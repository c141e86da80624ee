import stringWidth from "string-width";
import type { Lineage } from "../lineage.ts";
import { type DrawnEdge, drawnGraph, type DrawnNode } from "./drawn_graph.ts";
import { layOut, type Point, type Size } from "./layout.ts";

/** Sizes in pixels. Letters of 12 px take 7 in a font of one width. */
const letter = { title: 7.3, facts: 6.1 } as const;
const nodeHeight = 40;
const padding = 12;

/**
 * A lineage as a picture that stands alone: no scripts, no fonts and nothing loaded from elsewhere.
 * Throws code "usage" where there are too many nodes.
 */
export async function svgOf(lineage: Lineage): Promise<string> {
  const graph = drawnGraph(lineage);
  const layout = await layOut(graph, sizeOf);
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}">`,
    `<style>${style}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" ' +
    'orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>',
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...graph.edges.map((edge, index) => edgeElement(edge, layout.edges[index]!)),
    ...graph.nodes.map((node) => nodeElement(node, layout.nodes.get(node.id)!)),
    "</svg>",
  ].join("\n");
}

const style = [
  "text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;" +
  "text-anchor:middle;fill:#1f2430}",
  ".page{fill:#fff}",
  ".title{font-size:12px}",
  ".facts{font-size:10px;fill:#5c6370}",
  ".data{fill:#fff;stroke:#8a8f98}",
  ".run{fill:#eff2ff;stroke:#6b7bd6}",
  ".root{fill:#fff4d6;stroke:#c98a00;stroke-width:2}",
  ".edge{fill:none;stroke:#8a8f98;stroke-width:1.2}",
  ".remade{stroke-dasharray:5 4}",
  ".tip{fill:#8a8f98}",
].join("");

function sizeOf({ label: { title, facts } }: DrawnNode): Size {
  const text = Math.max(
    stringWidth(title) * letter.title,
    stringWidth(facts.join(" ")) * letter.facts,
  );
  return { width: Math.ceil(text) + 2 * padding, height: nodeHeight };
}

function nodeElement(node: DrawnNode, { x, y }: Point): string {
  const { label: { title, facts }, kind, isRoot } = node;
  const { width, height } = sizeOf(node);
  const isRun = kind === "run" || kind === "transform";
  const name = isRoot ? "root" : isRun ? "run" : "data";
  const text = (cssClass: string, content: string, below: number) =>
    `<text class="${cssClass}" x="${round(x)}" y="${round(y + below)}">${escaped(content)}</text>`;
  return [
    `<rect class="${name}" x="${round(x - width / 2)}" y="${round(y - height / 2)}"` +
    ` width="${width}" height="${height}" rx="${isRun ? height / 2 : 4}"/>`,
    text("title", title, -3),
    text("facts", facts.join(" "), 12),
  ].join("");
}

/** Through the points in a curve: straight lines between their middles, rounded at the points. */
function edgeElement({ isRemade, count }: DrawnEdge, points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const between = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1]!;
    const end = index === rest.length - 2 ? next : middle(point, next);
    return `Q${at(point)} ${at(end)}`;
  });
  const line = between.length > 0 ? between : rest.map((point) => `L${at(point)}`);
  const path = `<path class="edge${isRemade ? " remade" : ""}" d="M${at(first)}${line.join("")}"` +
    ' marker-end="url(#tip)"/>';
  if (count === undefined || count === 1) return path;
  const label = points[Math.floor(points.length / 2)]!;
  return `${path}<text class="facts" x="${round(label.x + 10)}" y="${
    round(label.y)
  }">${count}</text>`;
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters and lone surrogates, which XML forbids, are spelt out before. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) => entities[one]!).replace(/[\ufffe\uffff]/g, "\ufffd");
}
