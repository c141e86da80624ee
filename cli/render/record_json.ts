import { contentsOf } from "../../core/artifact/content.ts";
import { type ArtifactRow, storageKeyOf } from "../../core/artifact/storage_key.ts";
import { versionOf } from "../../core/describe/header.ts";
import { labelRelations } from "../../core/describe/entities.ts";
import { listedRelations, type Related, relatedTo } from "../../core/describe/related.ts";
import { schemaMembers, type SchemaRow, slotsOf } from "../../core/describe/schema_members.ts";
import { type DescribeScope, nameOfRow, rowById } from "../../core/describe/scope.ts";
import { featureValuesOf, hasFeatures } from "../../core/feature/values.ts";
import { stemUid } from "../../core/identity/uid.ts";
import { statusesOf, statusName } from "../../core/query/alias.ts";
import type { AnyRow } from "../../core/query/query.ts";
import type { Registry } from "../../core/registry/registry.ts";
import { relationName } from "../../core/registry/relation.ts";
import type { Json, JsonObject } from "../output.ts";
import { featureJson } from "./feature_column.ts";
import { rowJson } from "./row_json.ts";

/** How many related records of a kind are listed. */
const listedMax = 1000;

/**
 * A record as `show --json` prints it: the fields of the registry; under the names of relations the
 * records that foreign keys point to; what else is known of it; and under `relations` all that
 * other relations lead to.
 */
export async function recordJson(
  scope: DescribeScope,
  registry: Registry,
  row: AnyRow,
): Promise<JsonObject> {
  const related = await relatedTo(
    scope.reader,
    listedRelations(scope.registries, registry),
    row.id as number,
    listedMax,
  );
  return {
    ...rowJson(registry, row),
    ...await foreignJson(scope, registry, row),
    ...(statusesOf(registry) ? { status: statusName(registry, row._status_code as number) } : {}),
    ...("is_latest" in registry.columns ? await versionsJson(scope, registry, row) : {}),
    ...(registry.name === "lamindb_artifact" ? await contentJson(scope, row as ArtifactRow) : {}),
    ...(registry.name === "lamindb_schema" ? await schemaJson(scope, row as SchemaRow) : {}),
    ...(hasFeatures(registry) ? { features: await featuresJson(scope, registry, row) } : {}),
    ...(registry.name === "lamindb_artifact"
      ? { labels: labelsJson(scope, registry, related) }
      : {}),
    relations: Object.fromEntries(
      related.map(({ relation, first }) => [relation.name, first as unknown as Json]),
    ),
  };
}

/** The names of an artifact's labels, by the kind of label. */
function labelsJson(
  { registries }: DescribeScope,
  registry: Registry,
  related: readonly Related[],
): JsonObject {
  const names = labelRelations(registries, registry).map(({ name }) => name)
    .filter((name) => !name.endsWith("_runs"));
  const labels = related.filter(({ relation }) => names.includes(relation.name));
  return Object.fromEntries(
    labels.map(({ relation, first }) => [relation.name, first.map(({ uid, name }) => name ?? uid)]),
  );
}

async function foreignJson(
  scope: DescribeScope,
  registry: Registry,
  row: AnyRow,
): Promise<JsonObject> {
  const found: Record<string, Json> = {};
  for (const [column, { references }] of Object.entries(registry.columns)) {
    const name = relationName(column);
    if (references === undefined || name in registry.columns) continue;
    const other = await rowById(scope, references.table, row[column]);
    const target = scope.registries.byTable(references.table);
    if (target === undefined) continue;
    found[name] = other === undefined
      ? null
      : { uid: String(other.uid ?? ""), name: nameOfRow(target, other) };
    if (name !== "run" || other === undefined) continue;
    const transform = await rowById(scope, "lamindb_transform", other.transform_id);
    found.transform = transform === undefined
      ? null
      : { uid: String(transform.uid), name: String(transform.key ?? "") };
  }
  return found;
}

async function versionsJson(
  { reader }: DescribeScope,
  registry: Registry,
  row: AnyRow,
): Promise<JsonObject> {
  const start = reader.dialect.startsWith("uid", stemUid(String(row.uid)));
  const rows = await reader.select(
    registry,
    `${start.sql} ORDER BY ${reader.dialect.textOrder("uid")}`,
    start.parameters,
  );
  return { version: versionOf(row), versions: rows.map(({ uid }) => String(uid)) };
}

async function contentJson(
  { instance, reader }: DescribeScope,
  row: ArtifactRow,
): Promise<JsonObject> {
  const root = instance.storages.get(row.storage_id)?.root ?? "";
  return {
    path: `${root}/${storageKeyOf(row)}`,
    sha256: (await contentsOf(reader, [row])).get(row.id)?.sha256 ?? null,
  };
}

async function schemaJson(scope: DescribeScope, row: SchemaRow): Promise<JsonObject> {
  const { registry, rows } = await schemaMembers(scope, row);
  const slots = await slotsOf(scope, row.id);
  return {
    members: rows.map((one) => ({
      uid: String(one.uid),
      name: nameOfRow(registry, one),
      ...("_dtype_str" in registry.columns ? { dtype: one._dtype_str as Json } : {}),
    })),
    slots: Object.fromEntries(slots.map(({ slot, schema }) => [slot, schema.uid])),
  };
}

async function featuresJson(
  { reader, registries, branches }: DescribeScope,
  registry: Registry,
  row: AnyRow,
): Promise<JsonObject> {
  const id = row.id as number;
  const values = await featureValuesOf(reader, registries, registry, [id], branches);
  return Object.fromEntries(
    (values.get(id) ?? []).map((one) => [one.feature.name, featureJson(one)]),
  );
}
