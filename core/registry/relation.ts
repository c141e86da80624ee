import type { ManyToMany, Registry } from "./registry.ts";

/** How records of one registry lead to records of another, under one name. */
export type Relation = ForwardRelation | ReverseRelation | ManyRelation;

interface Leading {
  readonly name: string;
  /** Where it leads. */
  readonly registry: Registry;
}

/** A foreign key of this registry: at most one record. */
export interface ForwardRelation extends Leading {
  readonly kind: "forward";
  /** This registry's column, which holds the other's `id`. */
  readonly column: string;
}

/** A foreign key of the other registry: any number of records. */
export interface ReverseRelation extends Leading {
  readonly kind: "reverse";
  /** The other registry's column, which holds this one's `id`. */
  readonly column: string;
}

/** Over a link table: any number of records. */
export interface ManyRelation extends Leading {
  readonly kind: "many";
  readonly through: Registry;
  /** The link's column with this registry's `id`. */
  readonly ownColumn: string;
  /** The link's column with the other registry's `id`. */
  readonly otherColumn: string;
}

/** Relations by table and name. */
export type RelationIndex = ReadonlyMap<string, ReadonlyMap<string, Relation>>;

/** All relations between the given registries; those to tables that are not given are left out. */
export function relationsBetween(byTable: ReadonlyMap<string, Registry>): RelationIndex {
  const index = new Map([...byTable.keys()].map((table) => [table, new Map<string, Relation>()]));
  const add = (table: string, relation: Relation) => index.get(table)!.set(relation.name, relation);
  for (const registry of byTable.values()) {
    for (const [column, { references }] of Object.entries(registry.columns)) {
      const target = byTable.get(references?.table ?? "");
      if (references === undefined || target === undefined) continue;
      const name = relationName(column);
      add(registry.name, { kind: "forward", name, registry: target, column });
      if (references.reverse === undefined) continue;
      add(target.name, { kind: "reverse", name: references.reverse, registry, column });
    }
    for (const many of registry.manyToMany) addMany(registry, many, byTable, add);
  }
  return index;
}

/** What a foreign key's relation is called: the column without `_id`. */
export function relationName(column: string): string {
  return column.replace(/_id$/, "");
}

function addMany(
  registry: Registry,
  many: ManyToMany,
  byTable: ReadonlyMap<string, Registry>,
  add: (table: string, relation: Relation) => void,
): void {
  const target = byTable.get(many.to);
  const through = byTable.get(many.through);
  if (target === undefined || through === undefined) return;
  const [own, other] = many.columns ?? joinColumns(through, registry.name, target.name);
  add(registry.name, {
    kind: "many",
    name: many.name,
    registry: target,
    through,
    ownColumn: own,
    otherColumn: other,
  });
  if (many.reverse === undefined) return;
  add(target.name, {
    kind: "many",
    name: many.reverse,
    registry,
    through,
    ownColumn: other,
    otherColumn: own,
  });
}

/** The two sides of a link table; who made a link is no side of it. */
function joinColumns(through: Registry, own: string, other: string): [string, string] {
  const to = (table: string) =>
    Object.keys(through.columns).filter((name) =>
      name !== "created_by_id" && through.columns[name]!.references?.table === table
    );
  const [first, second] = to(own);
  return own === other ? [first!, second!] : [first!, to(other)[0]!];
}
