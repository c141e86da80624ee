import type { Lineage } from "../../../core/lineage/lineage.ts";
import type { Json, JsonObject } from "../../output.ts";

/** A lineage as data: nodes, and edges in the direction of data. */
export function lineageJson({ root, nodes, links }: Lineage): JsonObject {
  const ids = new Map([...nodes].map(([name, { kind, uid }]) => [name, `${kind}_${uid}`]));
  const idOf = (name: string) => ids.get(name) ?? name;
  return {
    root: idOf(root),
    nodes: [...nodes].map(([name, node]) => ({ ...node, id: idOf(name) }) as unknown as Json),
    edges: links.map(({ from, to, role, count }): Json => ({
      from: idOf(from),
      to: idOf(to),
      role,
      ...(count === undefined ? {} : { count }),
    })),
  };
}
