import type { Condition } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { Registry } from "../registry/registry.ts";
import type { Relation } from "../registry/relation.ts";

/**
 * What holds for records that a relation leads to at least one record for which `condition` holds.
 * The rows of a query are never multiplied, whatever number of records there are. With `owner`, the
 * registry that the records are of, it is put so that each row is looked at by itself: cheap where
 * few rows are tried, dear where one index would find them. `ids` are those of the records for
 * which the condition holds, where they are known.
 */
export function leadsTo(
  relation: Relation,
  condition: Condition,
  { owner, ids }: { readonly owner?: Registry | undefined; readonly ids?: Ids } = {},
): Condition {
  // A table inside a query hides the same table outside.
  const canLookAtEach = relation.kind === "many" ||
    (relation.kind === "reverse" && relation.registry.name !== owner?.name);
  return owner !== undefined && canLookAtEach
    ? existsFor(relation, condition, owner, ids)
    : isAmong(relation, condition, ids);
}

type Ids = readonly number[] | undefined;

/** That a column refers to one of the records. */
function refersTo(column: string, { registry }: Relation, condition: Condition, ids: Ids) {
  if (ids === undefined) {
    return {
      sql: `${column} IN (SELECT id FROM ${quote(registry.name)} WHERE ${condition.sql})`,
      parameters: condition.parameters,
    };
  }
  // No list without members.
  return { sql: ids.length === 0 ? "FALSE" : `${column} IN (${ids.join(", ")})`, parameters: [] };
}

function existsFor(
  relation: Exclude<Relation, { kind: "forward" }>,
  condition: Condition,
  owner: Registry,
  ids: Ids,
): Condition {
  const id = `${quote(owner.name)}.id`;
  if (relation.kind === "reverse") {
    const { sql, parameters } = condition;
    const other = quote(relation.registry.name);
    const links = `${other}.${quote(relation.column)}`;
    return { sql: `EXISTS (SELECT 1 FROM ${other} WHERE ${links} = ${id} AND ${sql})`, parameters };
  }
  const through = quote(relation.through.name);
  const { sql, parameters } = refersTo(quote(relation.otherColumn), relation, condition, ids);
  return {
    sql: `EXISTS (SELECT 1 FROM ${through} ` +
      `WHERE ${through}.${quote(relation.ownColumn)} = ${id} AND ${sql})`,
    parameters,
  };
}

function isAmong(relation: Relation, condition: Condition, ids: Ids): Condition {
  switch (relation.kind) {
    case "forward":
      return refersTo(quote(relation.column), relation, condition, ids);
    case "reverse": {
      const column = quote(relation.column);
      return {
        sql: `id IN (SELECT ${column} FROM ${quote(relation.registry.name)} ` +
          `WHERE ${column} IS NOT NULL AND ${condition.sql})`,
        parameters: condition.parameters,
      };
    }
    case "many": {
      const { sql, parameters } = refersTo(quote(relation.otherColumn), relation, condition, ids);
      return {
        sql: `id IN (SELECT ${quote(relation.ownColumn)} FROM ${quote(relation.through.name)} ` +
          `WHERE ${sql})`,
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
