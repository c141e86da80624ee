import type { Condition, Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { RowOf } from "../../store/database/table.ts";
import { decodeRow } from "../../store/database/values.ts";
import { mainBranch } from "../version/branch_ids.ts";
import type { Registry } from "../registry/registry.ts";
import type { RegistrySet } from "../registry/registry_set.ts";
import { allOf } from "./condition.ts";
import { defaultConditions, type DefaultFilters, withoutAnyBranch } from "./default_filter.ts";
import { hasFeatures } from "../feature/values.ts";
import { FewRecords } from "./few_records.ts";
import { featureCondition, featuresNamed } from "./feature_filter.ts";
import { conditionOf } from "./filter.ts";
import type { Lookup } from "./lookup.ts";
import { firstRows } from "./first_rows.ts";
import { orderOf, orderSql, type OrderTerm } from "./order.ts";
import { aliasesOf } from "./alias.ts";

export interface Query extends DefaultFilters {
  readonly lookups: readonly Lookup[];
  /** Fields to order by, `-` before one for from high to low; newest first when empty. */
  readonly order: readonly string[];
}

/** A query that is ready to run: SQL after WHERE, and what to order by. */
export interface CompiledQuery {
  readonly registry: Registry;
  readonly condition: Condition;
  /** The same, put so that it is cheap to find out about few rows. */
  readonly probe: Condition;
  readonly order: readonly OrderTerm[];
  /** Whether it asks for anything; else nearly all rows meet it. */
  readonly isSelective: boolean;
}

/** A row of a registry that is only known at run time. */
export type AnyRow = RowOf<Registry>;

/**
 * Compiles a query. Names of features stand for their values where a registry has any and no field
 * has that name. Throws code "usage" for names and values that the definitions do not allow.
 */
export async function compileQuery(
  reader: Reader,
  registries: RegistrySet,
  registry: Registry,
  query: Query,
): Promise<CompiledQuery> {
  const { dialect } = reader;
  const lookups = withoutAnyBranch(query.lookups);
  const isField = ({ segments: [name] }: Lookup) =>
    name! in registry.columns || registries.relation(registry, name!) !== undefined ||
    aliasesOf(registry).has(name!);
  const others = hasFeatures(registry) ? lookups.filter((lookup) => !isField(lookup)) : [];
  const features = others.length === 0
    ? new Map()
    : await featuresNamed(reader, others.map(({ segments }) => segments[0]!));
  const byFeature = others.filter(({ segments }) => features.has(segments[0]!));
  const byField = lookups.filter((lookup) => !byFeature.includes(lookup));
  const scope = { registries, dialect, few: new FewRecords(reader) };
  const general = [
    ...defaultConditions(dialect, registry, query.lookups, query),
    ...byFeature.map((lookup) =>
      featureCondition(registries, dialect, registry, features.get(lookup.segments[0]!), lookup)
    ),
  ];
  const conditionBy = async (isProbe: boolean) =>
    allOf([...general, await conditionOf(scope, registry, byField, { isProbe })]);
  return {
    registry,
    condition: await conditionBy(false),
    probe: await conditionBy(true),
    order: orderOf(registries, registry, query.order),
    isSelective: lookups.length > 0 ||
      query.branches !== "all" && !query.branches.includes(mainBranch),
  };
}

/** The rows that a query finds, `limit` at most. */
export async function findRows(
  reader: Reader,
  query: CompiledQuery,
  limit?: number,
): Promise<AnyRow[]> {
  if (limit !== undefined) return (await firstRows(reader, query, limit)).rows;
  const { registry, condition, order } = query;
  return await reader.select(
    registry,
    `${condition.sql} ORDER BY ${orderSql(reader.dialect, order)}`,
    condition.parameters,
  );
}

/** Rows at a time that are handed on by {@link findBatches}. */
const batchRows = 1000;

/** The rows that a query finds, in batches, for results that may not fit in memory. */
export async function* findBatches(
  reader: Reader,
  { registry, condition, order }: CompiledQuery,
): AsyncGenerator<AnyRow[]> {
  const rows = reader.iterate(
    `SELECT * FROM ${quote(registry.name)} WHERE ${condition.sql} ORDER BY ${
      orderSql(reader.dialect, order)
    }`,
    condition.parameters,
  );
  let batch: AnyRow[] = [];
  for await (const row of rows) {
    batch.push(decodeRow(registry, row));
    if (batch.length < batchRows) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** How many rows are looked at, for each that is to be counted, before the conditions are asked. */
const triedPerCounted = 20;

/**
 * How many rows a query finds, counted up to `most`. `areCommon` tells that the first ones were
 * found among the first rows of all (see `firstRows`): then it is quicker to look at some rows than
 * to ask an index for all that meet the conditions.
 */
export async function countRows(
  reader: Reader,
  query: CompiledQuery,
  most: number,
  { areCommon }: { readonly areCommon: boolean } = { areCommon: false },
): Promise<number> {
  const table = quote(query.registry.name);
  if (areCommon && query.probe.sql !== query.condition.sql) {
    const some = `(SELECT * FROM ${table} LIMIT ${Number(most) * triedPerCounted}) AS ${table}`;
    const count = await countIn(reader, some, query.probe, most);
    if (count === most) return count;
  }
  return await countIn(reader, table, query.condition, most);
}

async function countIn(
  reader: Reader,
  rows: string,
  condition: Condition,
  most: number,
): Promise<number> {
  const found = `SELECT 1 FROM ${rows} WHERE ${condition.sql} LIMIT ${Number(most)}`;
  const row = await reader.first<{ count: number }>(
    `SELECT count(*) AS count FROM (${found}) AS found`,
    condition.parameters,
  );
  return Number(row!.count);
}
