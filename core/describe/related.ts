import type { Dialect, Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import { textOf } from "../query/text_of.ts";
import type { Registry } from "../registry/registry.ts";
import type { RegistrySet } from "../registry/registry_set.ts";
import type { ManyRelation, ReverseRelation } from "../registry/relation.ts";
import { namingColumn } from "./scope.ts";

/** Records that a relation leads to. */
export interface Related {
  readonly relation: ManyRelation | ReverseRelation;
  /** How many there are. */
  readonly count: number;
  /** The first of them, in the order in which they were linked. */
  readonly first: readonly RelatedRecord[];
}

export interface RelatedRecord {
  readonly uid: string | null;
  readonly name: string | null;
}

/**
 * The relations of a registry to any number of records; links themselves and private ones left out.
 */
export function listedRelations(
  registries: RegistrySet,
  registry: Registry,
): (ManyRelation | ReverseRelation)[] {
  return [...registries.relations(registry).values()].flatMap((relation) =>
    relation.kind === "forward" || relation.registry.isLink || relation.name.startsWith("_") ||
      relation.name === "ablocks"
      ? []
      : [relation]
  );
}

/**
 * The records that relations lead to from one record, `limit` at most of each; relations that lead
 * nowhere are left out. Two queries, whatever the number of relations.
 */
export async function relatedTo(
  reader: Reader,
  relations: readonly (ManyRelation | ReverseRelation)[],
  id: number,
  limit: number,
): Promise<Related[]> {
  if (relations.length === 0) return [];
  const counts = await reader.all<{ relation: number; count: number }>(
    relations.map((relation, index) => {
      const [table, own] = ownSide(relation);
      return `SELECT ${index} AS relation, count(*) AS count FROM ${table} WHERE ${own} = ?`;
    }).join(" UNION ALL "),
    relations.map(() => id),
  );
  const countOf = new Map(counts.map((row) => [Number(row.relation), Number(row.count)]));
  const found = relations.map((relation, index) => ({ relation, count: countOf.get(index) ?? 0 }))
    .filter(({ count }) => count > 0);
  if (found.length === 0) return [];
  const parts = found.map(({ relation }, index) =>
    `SELECT * FROM (${recordsOf(relation, index, limit, reader.dialect)}) AS part_${index}`
  );
  const rows = await reader.all<{ relation: number; uid: string | null; name: string | null }>(
    `SELECT * FROM (${parts.join(" UNION ALL ")}) AS related ORDER BY relation, position`,
    found.map(() => id),
  );
  return found.map(({ relation, count }, index) => ({
    relation,
    count,
    first: rows.filter((row) => Number(row.relation) === index)
      .map(({ uid, name }) => ({ uid, name })),
  }));
}

function ownSide(relation: ManyRelation | ReverseRelation): [table: string, column: string] {
  return relation.kind === "many"
    ? [quote(relation.through.name), quote(relation.ownColumn)]
    : [quote(relation.registry.name), quote(relation.column)];
}

function recordsOf(
  relation: ManyRelation | ReverseRelation,
  index: number,
  limit: number,
  dialect: Dialect,
): string {
  const { columns, name: table } = relation.registry;
  const text = (column: string | undefined) =>
    column === undefined || !(column in columns)
      ? "NULL"
      : textOf(dialect, `other.${quote(column)}`, columns[column]!);
  const fields = `${index} AS relation, ${text("uid")} AS uid, ${
    text(namingColumn(relation.registry))
  } AS name`;
  if (relation.kind === "reverse") {
    return `SELECT ${fields}, other.id AS position FROM ${quote(table)} AS other
      WHERE other.${quote(relation.column)} = ? ORDER BY other.id LIMIT ${limit}`;
  }
  return `SELECT ${fields}, link.id AS position FROM ${quote(relation.through.name)} AS link
    JOIN ${quote(table)} AS other ON other.id = link.${quote(relation.otherColumn)}
    WHERE link.${quote(relation.ownColumn)} = ? ORDER BY link.id LIMIT ${limit}`;
}
