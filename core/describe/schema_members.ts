import type { RowOf } from "../../store/database/table.ts";
import { parseDtype } from "../feature/dtype.ts";
import { stepFrom } from "../query/follow.ts";
import type { AnyRow } from "../query/query.ts";
import type { schema } from "../registry/lamindb/schema.ts";
import type { Registry } from "../registry/registry.ts";
import { qualifiedName } from "../registry/registry_set.ts";
import type { ManyRelation } from "../registry/relation.ts";
import type { DescribeScope } from "./scope.ts";

export type SchemaRow = RowOf<typeof schema>;

/** The members of a schema, and which registry they are of. */
export interface Members {
  readonly registry: Registry;
  readonly rows: readonly AnyRow[];
}

/**
 * The features, genes, proteins … of a schema, in its order: that in `_aux`, else that of the links
 * (COMPAT §7.6).
 */
export async function schemaMembers(scope: DescribeScope, row: SchemaRow): Promise<Members> {
  const { reader, registries } = scope;
  const schemas = registries.byTable("lamindb_schema")!;
  const features = registries.byTable("lamindb_feature")!;
  if (row.itype === "Composite" || row.is_type) return { registry: features, rows: [] };
  const relation = memberRelation(scope, schemas, row.itype);
  if (relation === undefined) return { registry: features, rows: [] };
  const ids = (await stepFrom(reader, schemas, relation, [row.id])).get(row.id) ?? [];
  const list = reader.dialect.valuesOf(ids);
  const rows = await reader.select(
    relation.registry,
    `id IN (${list.sql})`,
    list.parameters,
  );
  const byId = new Map(rows.map((one) => [one.id as number, one]));
  const linked = ids.flatMap((id): AnyRow[] => {
    const member = byId.get(id);
    return member === undefined ? [] : [member];
  });
  const preferred = auxiliaryUids(row, "2") ?? [];
  const first = preferred.flatMap((uid) => linked.filter((one) => one.uid === uid));
  return {
    registry: relation.registry,
    rows: [...first, ...linked.filter((one) => !first.includes(one))],
  };
}

function memberRelation(
  { registries }: DescribeScope,
  schemas: Registry,
  itype: string | null,
): ManyRelation | undefined {
  const wanted = parseDtype(`cat[${itype ?? "Feature"}]`).records[0]?.registry ?? "Feature";
  const qualified = wanted.includes(".") ? wanted : `lamindb.${wanted}`;
  for (const relation of registries.relations(schemas).values()) {
    const isLinkOfMembers = relation.kind === "many" && relation.through.model.startsWith("Schema");
    if (isLinkOfMembers && qualifiedName(relation.registry) === qualified) return relation;
  }
  return undefined;
}

/**
 * A list of uids that `_aux` keeps under `af`: "1" optional members, "2" their order, "4" hidden
 * ones.
 */
export function auxiliaryUids(row: SchemaRow, key: string): string[] | undefined {
  const list = auxiliaryFeatures(row)?.[key];
  const isList = Array.isArray(list) && list.length > 0 &&
    list.every((uid) => typeof uid === "string" && uid.trim() !== "");
  return isList ? [...new Set(list)] : undefined;
}

/** The uid of the member that is the index. */
export function indexUid(row: SchemaRow): string | undefined {
  const uid = auxiliaryFeatures(row)?.["3"];
  return typeof uid === "string" ? uid : undefined;
}

function auxiliaryFeatures({ _aux }: SchemaRow): Record<string, unknown> | undefined {
  try {
    const aux = JSON.parse(_aux ?? "null");
    return typeof aux?.af === "object" && aux.af !== null ? aux.af : undefined;
  } catch {
    return undefined;
  }
}

/** The schemas of the slots of composite schemas, in the order of the links. */
export async function slotsOf(
  { reader, registries }: DescribeScope,
  id: number,
): Promise<{ slot: string; schema: SchemaRow }[]> {
  const links = registries.byTable("lamindb_schemacomponent")!;
  const rows = await reader.select(links, "composite_id = ? ORDER BY id", [id]);
  const list = reader.dialect.valuesOf(rows.map((row) => row.component_id as number));
  const schemas = await reader.select(
    registries.byTable("lamindb_schema")!,
    `id IN (${list.sql})`,
    list.parameters,
  ) as SchemaRow[];
  return rows.flatMap(({ slot, component_id }) => {
    const component = schemas.find((one) => one.id === component_id);
    return component === undefined ? [] : [{ slot: String(slot ?? ""), schema: component }];
  });
}
