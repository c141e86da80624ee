import type { Lineage, Link } from "./lineage.ts";
import type { Node, TransformFacts, TransformNode } from "./nodes.ts";

interface Parts extends Pick<Lineage, "nodes" | "links"> {
  /** The data or run that was asked for; undefined when that was a transform. */
  readonly root: string | undefined;
  /** The transform that was asked for, if one was. */
  readonly start: TransformFacts | undefined;
}

/**
 * A lineage with transforms in place of their runs, and of data only that which was asked for. From
 * one transform to another goes a step where a run of one made what a run of the other read; what
 * a transform makes for itself is left out.
 */
export function transformGraph({ nodes, links, root, start }: Parts): Lineage {
  const found = new Map<string, Node>();
  if (start !== undefined) found.set(`transform ${start.uid}`, transformNode(start, 0));
  const nameOf = (run: string): string => {
    const node = nodes.get(run);
    if (node?.kind !== "run") return run;
    return `transform ${node.transform.uid}`;
  };
  for (const node of nodes.values()) {
    if (node.kind !== "run") continue;
    const name = `transform ${node.transform.uid}`;
    const known = found.get(name);
    const runs = known?.kind === "transform" ? known.runs + 1 : 1;
    found.set(name, transformNode(node.transform, runs));
  }
  const isData = root !== undefined && !root.startsWith("run ");
  const node = isData ? nodes.get(root) : undefined;
  if (node !== undefined) found.set(root!, node);
  return {
    root: isData ? root : start === undefined ? nameOf(root!) : `transform ${start.uid}`,
    nodes: found,
    links: stepsBetween(links, nameOf, isData ? root : undefined),
  };
}

function transformNode({ uid, key, kind, version }: TransformFacts, runs: number): TransformNode {
  return { kind: "transform", uid, key, type: kind, version, runs };
}

function stepsBetween(
  links: readonly Link[],
  nameOf: (run: string) => string,
  root: string | undefined,
): Link[] {
  const makers = new Map<string, Set<string>>();
  const readers = new Map<string, Set<string>>();
  for (const { from, to, role } of links) {
    if (role === "input") addTo(readers, from, nameOf(to));
    else addTo(makers, to, nameOf(from));
  }
  const counts = new Map<string, Map<string, number>>();
  const count = (from: string, to: string) => {
    if (from === to) return;
    let targets = counts.get(from);
    if (targets === undefined) counts.set(from, targets = new Map());
    targets.set(to, (targets.get(to) ?? 0) + 1);
  };
  for (const data of new Set([...makers.keys(), ...readers.keys()])) {
    const [from, to] = [makers.get(data) ?? [], readers.get(data) ?? []];
    if (data === root) {
      for (const maker of from) count(maker, data);
      for (const reader of to) count(data, reader);
    } else for (const maker of from) for (const reader of to) count(maker, reader);
  }
  return [...counts].flatMap(([from, targets]) =>
    [...targets].map(([to, count]): Link => ({ from, to, role: "data", count }))
  );
}

function addTo(sets: Map<string, Set<string>>, name: string, member: string): void {
  const set = sets.get(name);
  if (set === undefined) sets.set(name, new Set([member]));
  else set.add(member);
}
