import { parseDtype } from "../feature/dtype.ts";
import type { FeatureRow, FeatureValues } from "../feature/values.ts";
import { feature } from "../registry/lamindb/feature.ts";
import type { Registry } from "../registry/registry.ts";
import type { RecordRow } from "./record.ts";
import { type DescribeScope, nameOfRow, rowById } from "./scope.ts";
import { pythonUtcTime } from "./python_time.ts";

/**
 * Values that a record has without having been given them: of features that stand for one of its
 * columns (`_aux.sf`), and of features that read another feature's links backwards (`_aux.vf`)
 * (COMPAT §7.5).
 */
export async function derivedValues(
  scope: DescribeScope,
  registry: Registry,
  row: RecordRow,
): Promise<FeatureValues[]> {
  const features = await scope.reader.select(feature, "_aux IS NOT NULL ORDER BY id");
  const values: FeatureValues[] = [];
  for (const one of features) {
    const { sf, vf } = auxiliaryOf(one);
    const texts = typeof sf === "string"
      ? await ofColumn(scope, registry, row, one, sf)
      : typeof vf === "string"
      ? await ofLinks(scope, row, one, vf)
      : [];
    if (texts.length > 0) values.push({ feature: one, areRecords: true, texts });
  }
  return values;
}

/** The columns of records that a feature may stand for. */
const columns = [
  "created_at",
  "created_by",
  "updated_at",
  "reference",
  "reference_type",
  "run",
  "type",
  "name",
  "description",
];

async function ofColumn(
  scope: DescribeScope,
  registry: Registry,
  row: RecordRow,
  one: FeatureRow,
  name: string,
): Promise<string[]> {
  if (!columns.includes(name)) return [];
  const column = registry.columns[name] ?? registry.columns[`${name}_id`]!;
  const value = (row as Record<string, unknown>)[column.references ? `${name}_id` : name];
  if (value === null || value === undefined) return [];
  if (column.type === "datetime") return [pythonUtcTime(String(value))];
  if (column.references === undefined) return [String(value)];
  const { table } = column.references;
  const other = await rowById(scope, table, value);
  if (other === undefined) return [];
  const field = parseDtype(one._dtype_str ?? "").records[0]?.field;
  return [
    String(field === undefined ? nameOfRow(scope.registries.byTable(table)!, other) : other[field]),
  ];
}

async function ofLinks(
  { reader, registries }: DescribeScope,
  row: RecordRow,
  one: FeatureRow,
  sourceUid: string,
): Promise<string[]> {
  const records = registries.byTable("lamindb_record")!;
  const field = parseDtype(one._dtype_str ?? "").records[0]?.field ?? "name";
  if (!(field in records.columns)) return [];
  const links = await reader.all<{ record_id: number }>(
    `SELECT record_id FROM lamindb_recordrecord WHERE value_id = ? AND feature_id IN
       (SELECT id FROM lamindb_feature WHERE uid = ?) ORDER BY id`,
    [row.id, sourceUid],
  );
  const list = reader.dialect.valuesOf(links.map((link) => Number(link.record_id)));
  const rows = await reader.select(records, `id IN (${list.sql})`, list.parameters);
  return links.flatMap(({ record_id }) => {
    const value = rows.find(({ id }) => id === Number(record_id))?.[field];
    return value === null || value === undefined ? [] : [String(value)];
  });
}

function auxiliaryOf({ _aux }: FeatureRow): { sf?: unknown; vf?: unknown } {
  try {
    return JSON.parse(_aux ?? "{}") ?? {};
  } catch {
    return {};
  }
}
