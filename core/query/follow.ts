import type { Reader, SqlValue } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import { decodeValue } from "../../store/database/values.ts";
import type { Registry } from "../registry/registry.ts";
import type { Relation } from "../registry/relation.ts";
import type { Target } from "./target.ts";

/**
 * The values that a name leads to from each of the rows, by row id, in the order in which records
 * were linked; a record itself is its name. One query for each relation on the way, whatever the
 * number of rows.
 */
export async function valuesAlong(
  reader: Reader,
  registry: Registry,
  target: Target,
  ids: readonly number[],
): Promise<Map<number, unknown[]>> {
  let reached = new Map(ids.map((id) => [id, [id]]));
  let here = registry;
  for (const step of target.steps) {
    const next = await stepFrom(reader, here, step, [...new Set([...reached.values()].flat())]);
    here = step.registry;
    reached = new Map([...reached].map(([id, ends]) => [
      id,
      ends.flatMap((one) => next.get(one) ?? []),
    ]));
  }
  const wanted = [...new Set([...reached.values()].flat())];
  const values = await fieldOf(reader, target, wanted);
  return new Map(
    [...reached].map(([id, ends]) => [id, ends.map((one) => values.get(one) ?? null)]),
  );
}

/** Where a relation leads from records of a registry, by their ids, in the order of the links. */
export async function stepFrom(
  reader: Reader,
  registry: Registry,
  relation: Relation,
  ids: readonly number[],
): Promise<Map<number, number[]>> {
  if (ids.length === 0) return new Map();
  const list = reader.dialect.valuesOf(ids);
  const [table, from, to, order] = pairsOf(registry, relation);
  const rows = await reader.all<{ origin: number; reached: number }>(
    `SELECT ${from} AS origin, ${to} AS reached FROM ${table}
     WHERE ${from} IN (${list.sql}) AND ${to} IS NOT NULL ORDER BY ${order}`,
    list.parameters,
  );
  const reached = new Map<number, number[]>();
  for (const row of rows) {
    const [origin, other] = [Number(row.origin), Number(row.reached)];
    const known = reached.get(origin);
    if (known === undefined) reached.set(origin, [other]);
    else known.push(other);
  }
  return reached;
}

/** The table that holds the pairs of a relation, its columns, and the order of pairs. */
function pairsOf(
  registry: Registry,
  relation: Relation,
): [table: string, from: string, to: string, order: string] {
  switch (relation.kind) {
    case "forward":
      return [quote(registry.name), "id", quote(relation.column), "id"];
    case "reverse":
      return [quote(relation.registry.name), quote(relation.column), "id", "id"];
    case "many":
      return [
        quote(relation.through.name),
        quote(relation.ownColumn),
        quote(relation.otherColumn),
        "id",
      ];
  }
}

async function fieldOf(
  reader: Reader,
  { registry, column }: Target,
  ids: readonly number[],
): Promise<Map<number, unknown>> {
  const list = reader.dialect.valuesOf(ids);
  const value = column === undefined
    ? { sql: calledBy(registry), parameters: [] }
    : column.keys.length === 0
    ? { sql: quote(column.name), parameters: [] }
    : reader.dialect.jsonText(quote(column.name), column.keys);
  const rows = await reader.all<{ id: number; value: SqlValue }>(
    `SELECT id, ${value.sql} AS value FROM ${quote(registry.name)} WHERE id IN (${list.sql})`,
    [...value.parameters, ...list.parameters],
  );
  const decode = column === undefined || column.keys.length > 0
    ? (one: SqlValue) => one
    : (one: SqlValue) => decodeValue(column.definition, one);
  return new Map(rows.map((row) => [Number(row.id), decode(row.value)]));
}

/** What people call a record, as SQL: its name, else its uid, else its id. */
function calledBy({ columns, nameField }: Registry): string {
  const type = nameField === undefined ? undefined : columns[nameField]?.type;
  const name = type === "varchar" || type === "text" ? [quote(nameField!)] : [];
  const names = [...name, "uid" in columns ? "uid" : "CAST(id AS TEXT)"];
  return names.length === 1 ? names[0]! : `COALESCE(${names.join(", ")})`;
}
