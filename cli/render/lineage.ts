import { trashBranch } from "../../core/version/branch_ids.ts";
import type { Lineage, Link } from "../../core/lineage/lineage.ts";
import type { Node } from "../../core/lineage/nodes.ts";
import type { Direction } from "../../core/lineage/walk.ts";
import { type Line, span, textTree, type Tree } from "../../core/describe/tree.ts";
import type { Json, JsonObject } from "../output.ts";

/** Steps deeper than this are not drawn: their lines would be all indentation. */
const drawnMax = 200;

const titles: Readonly<Record<Direction, string>> = { up: "made by", down: "used by" };

/** A lineage as a tree: above the root what it was made by, below what it is used by. */
export function lineageTree(lineage: Lineage, directions: readonly Direction[]): Tree {
  const sections = directions.map((direction) => {
    const branches = branchesOf(lineage, direction);
    const none: Tree[] = [textTree([[span("nothing that is known", "dim")]])];
    return textTree(
      [[span(titles[direction], "block")]],
      branches.length > 0 ? branches : none,
    );
  });
  return textTree([lineOf(lineage.nodes.get(lineage.root)!)], sections);
}

function branchesOf({ root, nodes, links }: Lineage, direction: Direction): Tree[] {
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
    const tree = textTree([line], steps.map(treeOf));
    path.delete(name);
    return tree;
  };
  return (next.get(root) ?? []).map(treeOf);
}

function roleOf({ role }: Link): Line {
  return role === "recreated" ? [span("  made again", "dim")] : [];
}

function lineOf(node: Node): Line {
  const inTrash: Line = node.branch_id === trashBranch ? [span("  in the trash", "dim")] : [];
  if (node.kind !== "run") {
    const what = node.kind === "collection" ? [span("collection ", "dim")] : [];
    return [
      ...what,
      span(node.key ?? node.description ?? node.uid, "name"),
      span(` (${node.version})  ${node.uid}`, "dim"),
      ...inTrash,
    ];
  }
  const { transform, entrypoint, name } = node;
  const facts = [
    transform.kind,
    `run ${node.uid}`,
    (node.started_at ?? "").slice(0, 16),
    node.status,
    node.created_by === null ? "" : `by ${node.created_by}`,
  ];
  return [
    span((transform.key ?? transform.uid) + (entrypoint === null ? "" : `: ${entrypoint}`)),
    ...(name === null ? [] : [span(` '${name}'`)]),
    span(`  ${facts.filter(Boolean).join("  ")}`, "dim"),
    ...inTrash,
  ];
}

/** A lineage as data: nodes, and edges in the direction of data. */
export function lineageJson({ root, nodes, links }: Lineage): JsonObject {
  const idOf = (name: string) => {
    const node = nodes.get(name);
    return node === undefined ? name : `${node.kind}_${node.uid}`;
  };
  return {
    root: idOf(root),
    nodes: [...nodes].map(([name, { id: _, ...node }]): Json => ({ id: idOf(name), ...node })),
    edges: links.map(({ from, to, role }) => ({ from: idOf(from), to: idOf(to), role })),
  };
}
