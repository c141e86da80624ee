import type { Condition } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { Registry } from "../registry/registry.ts";
import type { Relation } from "../registry/relation.ts";

/**
 * What holds for records that a relation leads to at least one record for which `condition` holds.
 * The rows of a query are never multiplied, whatever number of records there are. With `owner`, the
 * registry that the records are of, it is put so that each row is looked at by itself: cheap where
 * few rows are tried, dear where one index would find them.
 */
export function leadsTo(relation: Relation, condition: Condition, owner?: Registry): Condition {
  // A table inside a query hides the same table outside.
  const canLookAtEach = relation.kind === "many" ||
    (relation.kind === "reverse" && relation.registry.name !== owner?.name);
  return owner !== undefined && canLookAtEach
    ? existsFor(relation, condition, owner)
    : isAmong(relation, condition);
}

function existsFor(
  relation: Exclude<Relation, { kind: "forward" }>,
  { sql, parameters }: Condition,
  owner: Registry,
): Condition {
  const other = quote(relation.registry.name);
  const id = `${quote(owner.name)}.id`;
  if (relation.kind === "reverse") {
    const links = `${other}.${quote(relation.column)}`;
    return { sql: `EXISTS (SELECT 1 FROM ${other} WHERE ${links} = ${id} AND ${sql})`, parameters };
  }
  const through = quote(relation.through.name);
  const [own, others] = [quote(relation.ownColumn), quote(relation.otherColumn)];
  return {
    sql: `EXISTS (SELECT 1 FROM ${through} WHERE ${through}.${own} = ${id} ` +
      `AND ${others} IN (SELECT id FROM ${other} WHERE ${sql}))`,
    parameters,
  };
}

function isAmong(relation: Relation, condition: Condition): Condition {
  const other = quote(relation.registry.name);
  const { parameters } = condition;
  switch (relation.kind) {
    case "forward":
      return {
        sql: `${quote(relation.column)} IN (SELECT id FROM ${other} WHERE ${condition.sql})`,
        parameters,
      };
    case "reverse": {
      const column = quote(relation.column);
      return {
        sql: `id IN (SELECT ${column} FROM ${other} ` +
          `WHERE ${column} IS NOT NULL AND ${condition.sql})`,
        parameters,
      };
    }
    case "many": {
      const [own, others] = [quote(relation.ownColumn), quote(relation.otherColumn)];
      return {
        sql: `id IN (SELECT ${own} FROM ${quote(relation.through.name)} ` +
          `WHERE ${others} IN (SELECT id FROM ${other} WHERE ${condition.sql}))`,
        parameters,
      };
    }
  }
}

/** What holds for records that a relation leads anywhere. */
export function leadsAnywhere(relation: Relation): Condition {
  switch (relation.kind) {
    case "forward":
      return { sql: `${quote(relation.column)} IS NOT NULL`, parameters: [] };
    case "reverse": {
      const column = quote(relation.column);
      return {
        sql: `id IN (SELECT ${column} FROM ${quote(relation.registry.name)} ` +
          `WHERE ${column} IS NOT NULL)`,
        parameters: [],
      };
    }
    case "many":
      return {
        sql: `id IN (SELECT ${quote(relation.ownColumn)} FROM ${quote(relation.through.name)})`,
        parameters: [],
      };
  }
}
