import {
  type DrawnEdge,
  drawnGraph,
  type DrawnNode,
} from "../../../core/lineage/drawing/drawn_graph.ts";
import type { Lineage } from "../../../core/lineage/lineage.ts";
import type { Output } from "../../output.ts";
import { cutToWidth, prepareWidths, textWidth } from "../width.ts";
import { type LaneRow, Lanes } from "./lanes.ts";

type Look = Pick<Output, "width" | "paint">;

/** Beyond so many columns of lanes the texts begin right beside them, not all in one column. */
const alignedMax = 24;

/**
 * A lineage with a line for each node, each once, what comes first above, beside lines that lead
 * from each node to those that come from it.
 */
export async function renderLineageGraph(lineage: Lineage, look: Look): Promise<string> {
  const { nodes, edges } = drawnGraph(lineage);
  await prepareWidths(nodes.flatMap(({ label }) => [label.title, ...label.facts]));
  const rows = rowsOf(nodes, edges);
  const widest = rows.reduce((most, { row }) => Math.max(most, widthOf(row)), 0);
  const column = widest > alignedMax ? 0 : widest + 1;
  return rows.flatMap(({ node, row, notes }) => {
    const space = " ".repeat(Math.max(1, column - widthOf(row)));
    const width = look.width - widthOf(row) - space.length;
    const lane = `${row.before}${markOf(node, look)}${row.after}`;
    const text = textOf(node, notes, width, look);
    return [...row.join === undefined ? [] : [row.join], `${lane}${space}${text}`];
  }).join("\n");
}

interface GraphRow {
  readonly node: DrawnNode;
  readonly row: LaneRow;
  readonly notes: readonly string[];
}

function rowsOf(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): GraphRow[] {
  const place = new Map(nodes.map(({ id }, index) => [id, index]));
  const isForward = ({ from, to }: DrawnEdge) => place.get(from)! < place.get(to)!;
  const { forward = [], back = [] } = Object.groupBy(
    edges,
    (edge) => isForward(edge) ? "forward" : "back",
  );
  const sources = Map.groupBy(forward, ({ to }) => to);
  const circles = Map.groupBy(back, ({ to }) => to);
  const targets = Map.groupBy(forward, ({ from }) => from);
  const lanes = new Lanes(new Map([...targets].map(([id, those]) => [id, those.length])));
  return nodes.map((node) => ({
    node,
    row: lanes.row(node.id, (sources.get(node.id) ?? []).map(({ from }) => from)),
    notes: [
      ...(sources.get(node.id) ?? []).some(({ isRemade }) => isRemade) ? ["made again"] : [],
      ...(circles.get(node.id) ?? []).map(({ from }) =>
        `a cycle: also from '${nodes[place.get(from)!]!.label.title}' below`
      ),
    ],
  }));
}

function widthOf({ before, after }: LaneRow): number {
  return before.length + 1 + after.length;
}

function markOf({ kind, isRoot }: DrawnNode, { paint }: Look): string {
  const isRun = kind === "run" || kind === "transform";
  if (isRoot) return paint.yellow(isRun ? "◆" : "●");
  return isRun ? paint.cyan("◇") : "○";
}

/** Its title whole, where there is room for it, and of the facts what there is room for. */
function textOf(
  { label: { title, facts }, kind, isRoot }: DrawnNode,
  notes: readonly string[],
  width: number,
  { paint }: Look,
): string {
  const shown = cutToWidth(title, Math.max(10, width));
  const rest = [...facts, ...notes].join("  ");
  const space = kind === "run" || kind === "transform" ? 2 : 1;
  const left = width - textWidth(shown) - space;
  const name = isRoot ? paint.bold(shown) : shown;
  return left < 4 ? name : name + " ".repeat(space) + paint.dim(cutToWidth(rest, left));
}
