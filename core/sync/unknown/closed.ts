import type { Registry } from "../../registry/registry.ts";
import { shapeOf } from "../rows/shape.ts";
import type { CannotCarry } from "./found_tables.ts";

/**
 * Those of some tables that can travel together with the known ones: what they point to travels as
 * well, and what tells their rows apart does not lead back to themselves. Tables that others point
 * to come first, where there is such an order.
 */
export function closed(
  registries: readonly Registry[],
  known: readonly Registry[],
): { readonly travelling: Registry[]; readonly left: CannotCarry[] } {
  if (registries.length === 0) return { travelling: [], left: [] };
  const travelling = new Map(registries.map((registry) => [registry.name, registry]));
  const knownNames = new Set(
    known.filter((one) => shapeOf(one) !== undefined).map((one) => one.name),
  );
  const left: CannotCarry[] = [];
  const leave = (registry: Registry, why: string) => {
    travelling.delete(registry.name);
    left.push({ table: registry.name, why });
  };
  for (const registry of circular(travelling)) {
    leave(registry, "has rows that only each other tell apart");
  }
  for (let count = -1; count !== left.length;) {
    count = left.length;
    for (const registry of travelling.values()) {
      const lost = targetsOf(registry).find(([, table]) =>
        !travelling.has(table) && !knownNames.has(table)
      );
      if (lost !== undefined) leave(registry, `points by ${lost[0]} to ${lost[1]}, which stays`);
    }
  }
  return { travelling: inOrder(travelling), left };
}

function targetsOf({ columns }: Registry): (readonly [column: string, table: string])[] {
  return Object.entries(columns).flatMap(([name, { references }]) =>
    references === undefined ? [] : [[name, references.table] as const]
  );
}

/** Tables whose identity leads to itself. */
function circular(registries: ReadonlyMap<string, Registry>): Registry[] {
  const settled = new Set<string>();
  const next = ({ toldApartBy = [], columns }: Registry) =>
    toldApartBy.flatMap((name) => registries.get(columns[name]!.references?.table ?? "") ?? []);
  // What has nothing but settled tables ahead is settled; what never becomes so leads to a circle.
  for (let count = -1; count !== settled.size;) {
    count = settled.size;
    for (const registry of registries.values()) {
      if (next(registry).every(({ name }) => settled.has(name))) settled.add(registry.name);
    }
  }
  return [...registries.values()].filter(({ name }) => !settled.has(name));
}

function inOrder(registries: ReadonlyMap<string, Registry>): Registry[] {
  const order = new Set<Registry>();
  const pending = new Map(registries);
  for (let count = -1; count !== order.size;) {
    count = order.size;
    for (const registry of pending.values()) {
      const waits = targetsOf(registry).some(([, table]) =>
        table !== registry.name && pending.has(table)
      );
      if (waits) continue;
      order.add(registry);
      pending.delete(registry.name);
    }
  }
  return [...order, ...pending.values()];
}
