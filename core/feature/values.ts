import type { Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import type { RowOf } from "../../store/database/table.ts";
import { feature } from "../registry/lamindb/feature.ts";
import type { Registry } from "../registry/registry.ts";
import { qualifiedName, type RegistrySet } from "../registry/registry_set.ts";
import { parseDtype } from "./dtype.ts";
import { featureLinks } from "./links.ts";

export type FeatureRow = RowOf<typeof feature>;

/** The values that a record has of one feature. */
export interface FeatureValues {
  readonly feature: FeatureRow;
  /** Whether the values are records; `texts` then holds the field that the feature's type names. */
  readonly areRecords: boolean;
  /** JSON of each value, or text of each record, in the order in which they were set. */
  readonly texts: readonly string[];
}

/**
 * Tables of values that are no records, by the model that has them: link, and where the value is.
 */
const valueQueries: Readonly<Record<string, string>> = {
  "lamindb.Artifact": throughJsonValue("lamindb_artifactjsonvalue", "artifact_id"),
  "lamindb.Run": throughJsonValue("lamindb_runjsonvalue", "run_id"),
  "lamindb.Record":
    "SELECT record_id AS host, feature_id, value FROM lamindb_recordjson AS link WHERE record_id",
};

function throughJsonValue(link: string, host: string): string {
  return `SELECT link.${host} AS host, value.feature_id AS feature_id, value.value AS value
    FROM ${link} AS link JOIN lamindb_jsonvalue AS value ON value.id = link.jsonvalue_id
    WHERE link.${host}`;
}

/** Whether the records of a registry have values of features. */
export function hasFeatures(registry: Registry): boolean {
  return qualifiedName(registry) in valueQueries;
}

/**
 * The values of features that records of a registry have, by record id; of each feature its records
 * come before its plain values. Labels on other branches than the given are left out, as Python
 * does. A fixed number of queries, whatever the number of records.
 */
export async function featureValuesOf(
  reader: Reader,
  registries: RegistrySet,
  registry: Registry,
  ids: readonly number[],
  branches: readonly number[],
): Promise<Map<number, FeatureValues[]>> {
  const labels = await labelsOf(reader, registries, registry, ids);
  const plain = await plainValuesOf(reader, registry, ids);
  const features = await featuresById(reader, [...labels, ...plain].map((row) => row.feature_id));
  const texts = await labelTexts(reader, registries, registry, labels, features, branches);
  const found = new Map<
    number,
    Map<string, { feature: FeatureRow; areRecords: boolean; texts: string[] }>
  >();
  const add = (host: number, featureId: number, areRecords: boolean, text: string | undefined) => {
    const row = features.get(featureId);
    if (row === undefined || text === undefined) return;
    const ofHost = found.get(host) ?? new Map();
    found.set(host, ofHost);
    const key = `${areRecords} ${featureId}`;
    if (!ofHost.has(key)) ofHost.set(key, { feature: row, areRecords, texts: [] });
    ofHost.get(key)!.texts.push(text);
  };
  labels.forEach((label, index) => add(label.host, label.feature_id, true, texts[index]));
  for (const { host, feature_id, value } of plain) add(host, feature_id, false, value);
  return new Map([...found].map(([host, ofHost]) => [host, [...ofHost.values()]]));
}

interface LabelLink {
  readonly host: number;
  readonly feature_id: number;
  readonly label: number;
  /** Which of the registry's relations it belongs to. */
  readonly relation: number;
}

async function labelsOf(
  reader: Reader,
  registries: RegistrySet,
  registry: Registry,
  ids: readonly number[],
): Promise<LabelLink[]> {
  const relations = featureLinks(registries, registry);
  if (relations.length === 0) return [];
  const list = reader.dialect.valuesOf(ids);
  const parts = relations.map(({ through, ownColumn, otherColumn }, index) =>
    `SELECT ${quote(ownColumn)} AS host, feature_id, ${quote(otherColumn)} AS label,
       ${index} AS relation, id AS link FROM ${quote(through.name)}
     WHERE ${quote(ownColumn)} IN (${list.sql}) AND feature_id IS NOT NULL`
  );
  const rows = await reader.all<Record<keyof LabelLink, number>>(
    `SELECT * FROM (${parts.join(" UNION ALL ")}) AS links ORDER BY relation, link`,
    parts.flatMap(() => list.parameters),
  );
  return rows.map((row) => ({
    host: Number(row.host),
    feature_id: Number(row.feature_id),
    label: Number(row.label),
    relation: Number(row.relation),
  }));
}

async function plainValuesOf(reader: Reader, registry: Registry, ids: readonly number[]) {
  const list = reader.dialect.valuesOf(ids);
  const rows = await reader.all<{ host: number; feature_id: number; value: unknown }>(
    `${valueQueries[qualifiedName(registry)]!} IN (${list.sql}) ORDER BY link.id`,
    list.parameters,
  );
  return rows.map(({ host, feature_id, value }) => ({
    host: Number(host),
    feature_id: Number(feature_id),
    value: typeof value === "string" ? value : JSON.stringify(value),
  }));
}

async function featuresById(
  reader: Reader,
  ids: readonly number[],
): Promise<Map<number, FeatureRow>> {
  if (ids.length === 0) return new Map();
  const list = reader.dialect.valuesOf([...new Set(ids)]);
  const rows = await reader.select(feature, `id IN (${list.sql})`, list.parameters);
  return new Map(rows.map((row) => [row.id, row]));
}

/** For each link the text of its label, by the field that the feature's type names. */
async function labelTexts(
  reader: Reader,
  registries: RegistrySet,
  registry: Registry,
  links: readonly LabelLink[],
  features: ReadonlyMap<number, FeatureRow>,
  branches: readonly number[],
): Promise<(string | undefined)[]> {
  const relations = featureLinks(registries, registry);
  const byRelation = Map.groupBy(links, ({ relation }) => relation);
  const rows = new Map<string, Record<string, unknown>>();
  for (const [index, ofRelation] of byRelation) {
    const labels = relations[index]!.registry;
    const list = reader.dialect.valuesOf([...new Set(ofRelation.map(({ label }) => label))]);
    for (const row of await reader.select(labels, `id IN (${list.sql})`, list.parameters)) {
      rows.set(`${index} ${row.id}`, row);
    }
  }
  return links.map(({ relation, label, feature_id }) => {
    const row = rows.get(`${relation} ${label}`);
    const dtype = features.get(feature_id)?._dtype_str;
    if (row === undefined || dtype === undefined) return undefined;
    if (typeof row.branch_id === "number" && !branches.includes(row.branch_id)) return undefined;
    const labels = relations[relation]!.registry;
    const field = parseDtype(dtype ?? "").records[0]?.field ?? labels.nameField ?? "uid";
    const value = row[field] ?? row[labels.nameField ?? "uid"] ?? row.uid;
    return value === null || value === undefined ? undefined : String(value);
  });
}
