import { type Line, span, textTree, type Tree } from "../../../core/describe/tree.ts";
import { labelOf } from "../../../core/lineage/label.ts";
import type { Lineage, Link } from "../../../core/lineage/lineage.ts";
import type { Node } from "../../../core/lineage/nodes.ts";
import type { Direction } from "../../../core/lineage/walk.ts";
import { trashBranch } from "../../../core/version/branch_ids.ts";

export interface TreeOptions {
  readonly directions: readonly Direction[];
  /** How many steps from one node are drawn. */
  readonly stepsMax: number;
}

/** Steps deeper than this are not drawn: their lines would be all indentation. */
const drawnMax = 200;

const titles: Readonly<Record<Direction, string>> = { up: "made by", down: "used by" };

/** A lineage as a tree: above the root what it was made by, below what it is used by. */
export function lineageTree(lineage: Lineage, options: TreeOptions): Tree {
  const sections = options.directions.map((direction) => {
    const branches = branchesOf(lineage, direction, options.stepsMax);
    const none: Tree[] = [textTree([[span("nothing that is known", "dim")]])];
    return textTree(
      [[span(titles[direction], "block")]],
      branches.length > 0 ? branches : none,
    );
  });
  return textTree([lineOf(lineage.nodes.get(lineage.root)!)], sections);
}

function branchesOf(
  { root, nodes, links }: Lineage,
  direction: Direction,
  stepsMax: number,
): Tree[] {
  const [start, end] = direction === "up" ? ["to", "from"] as const : ["from", "to"] as const;
  const next = Map.groupBy(links, (link) => link[start]);
  const drawn = new Set<string>();
  const path = new Set<string>([root]);
  const treeOf = (link: Link): Tree => {
    const name = link[end];
    const node = nodes.get(name);
    if (node === undefined) return textTree([[span("?", "dim")]]);
    const line = [...lineOf(node), ...roleOf(link)];
    const steps = next.get(name) ?? [];
    if (path.has(name)) {
      return textTree([[...line, span("  (a cycle: it leads to itself)", "dim")]]);
    }
    if (steps.length > 0 && drawn.has(name)) {
      return textTree([[...line, span("  (see above)", "dim")]]);
    }
    if (steps.length > 0 && path.size > drawnMax) {
      return textTree([[...line, span("  … (--json has all)", "dim")]]);
    }
    drawn.add(name);
    path.add(name);
    const tree = textTree([line], treesOf(steps));
    path.delete(name);
    return tree;
  };
  const treesOf = (steps: readonly Link[]): Tree[] => {
    const left = steps.length - stepsMax;
    const trees = steps.slice(0, stepsMax).map(treeOf);
    if (left > 0) trees.push(textTree([[span(`… and ${left} more (-v shows all)`, "dim")]]));
    return trees;
  };
  return treesOf(next.get(root) ?? []);
}

function roleOf({ role, count = 1 }: Link): Line {
  if (role === "recreated") return [span("  made again", "dim")];
  return count > 1 ? [span(`  ${count} data`, "dim")] : [];
}

/** A node in one line: what it is called, and dim what else is said of it. */
export function lineOf(node: Node): Line {
  const { title, facts } = labelOf(node);
  const isData = node.kind === "artifact" || node.kind === "collection";
  const isTrashed = node.kind !== "transform" && node.branch_id === trashBranch;
  return [
    ...(node.kind === "collection" ? [span("collection ", "dim")] : []),
    isData ? span(title, "name") : span(title),
    span(`${isData ? " " : "  "}${facts.join("  ")}`, "dim"),
    ...(isTrashed ? [span("  in the trash", "dim")] : []),
  ];
}
