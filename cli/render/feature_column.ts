import { featureText } from "../../core/describe/feature_text.ts";
import { parseDtype } from "../../core/feature/dtype.ts";
import { type FeatureValues, featureValuesOf } from "../../core/feature/values.ts";
import type { Json } from "../output.ts";
import type { Column, ColumnScope } from "./columns.ts";
import { jsonOf } from "./row_json.ts";

/** The values of the features of a name. */
export function featureColumn(scope: ColumnScope, name: string): Column {
  const { registries, registry, branches } = scope;
  return {
    name,
    isNumber: false,
    isWhole: false,
    read: async (reader, rows) => {
      const ids = rows.map((row) => row.id as number);
      const found = await featureValuesOf(reader, registries, registry, ids, branches);
      return new Map([...found].map(([id, values]) => [
        id,
        values.filter(({ feature }) => feature.name === name),
      ]));
    },
    text: (values) => (values as FeatureValues[]).map(featureText).join(", "),
    json: (values) => {
      const json = (values as FeatureValues[]).map(featureJson);
      return json.length > 1 ? json : json[0] ?? null;
    },
  };
}

/** The values of a feature as JSON: a list where there are several, or where each is one. */
export function featureJson({ feature, areRecords, texts }: FeatureValues): Json {
  const values = areRecords ? texts : texts.map(jsonOf);
  const isList = areRecords && parseDtype(feature._dtype_str ?? "").isList;
  return values.length > 1 || isList ? values : values[0] ?? null;
}
