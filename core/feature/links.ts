import type { Registry } from "../registry/registry.ts";
import type { RegistrySet } from "../registry/registry_set.ts";
import type { ManyRelation } from "../registry/relation.ts";

/**
 * The relations of a registry that hold values of features: each link says for which feature it was
 * made (COMPAT §7.3). Values of features of the other side's records are not among them.
 */
export function featureLinks(registries: RegistrySet, registry: Registry): ManyRelation[] {
  return [...registries.relations(registry).values()].filter((relation) =>
    relation.kind === "many" && ownsLinks(registry, relation)
  ) as ManyRelation[];
}

function ownsLinks({ model }: Registry, { through, ownColumn }: ManyRelation): boolean {
  return "feature_id" in through.columns && through.model.startsWith(model) &&
    ownColumn === `${model.toLowerCase()}_id`;
}
