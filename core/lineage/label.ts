import type { Node } from "./nodes.ts";

/** What a node is called, and what else is said of it; as it is recorded, not escaped. */
export interface Label {
  readonly title: string;
  readonly facts: readonly string[];
}

/** The words for a node, the same in every drawing of a lineage. */
export function labelOf(node: Node): Label {
  if (node.kind === "transform") {
    const runs = node.runs === 1 ? "1 run" : `${node.runs} runs`;
    return { title: node.key ?? node.uid, facts: [`(${node.version})`, node.type, runs] };
  }
  if (node.kind !== "run") {
    const title = node.key ?? node.description ?? node.uid;
    return { title, facts: [`(${node.version})`, node.uid] };
  }
  const { transform, entrypoint, name } = node;
  return {
    title: [
      (transform.key ?? transform.uid) + (entrypoint === null ? "" : `: ${entrypoint}`),
      ...(name === null ? [] : [`'${name}'`]),
    ].join(" "),
    facts: [
      transform.kind,
      `run ${node.uid}`,
      (node.started_at ?? "").slice(0, 16),
      node.status,
      node.created_by === null ? "" : `by ${node.created_by}`,
    ].filter(Boolean),
  };
}
