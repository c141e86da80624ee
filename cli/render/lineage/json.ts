import type { Lineage } from "../../../core/lineage/lineage.ts";
import type { Json, JsonObject } from "../../output.ts";

/** A lineage as data: nodes, and edges in the direction of data. */
export function lineageJson({ root, nodes, links }: Lineage): JsonObject {
  const idOf = (name: string) => {
    const node = nodes.get(name);
    return node === undefined ? name : `${node.kind}_${node.uid}`;
  };
  return {
    root: idOf(root),
    nodes: [...nodes].map(([name, node]) => {
      const { id: _, ...facts } = { id: 0, ...node };
      return { id: idOf(name), ...facts } as unknown as Json;
    }),
    edges: links.map(({ from, to, role, count }): Json => ({
      from: idOf(from),
      to: idOf(to),
      role,
      ...(count === undefined ? {} : { count }),
    })),
  };
}
