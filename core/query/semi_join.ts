import type { Condition } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { Relation } from "../registry/relation.ts";

/**
 * What holds for records that a relation leads to at least one record for which `condition` holds.
 * The rows of a query are never multiplied, whatever number of records there are.
 */
export function leadsTo(relation: Relation, condition: Condition): Condition {
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
