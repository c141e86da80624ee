import { type FeatureValues, featureValuesOf } from "../feature/values.ts";
import { compareCodePoints } from "../python/order.ts";
import type { Registry } from "../registry/registry.ts";
import { type DatasetFeatures, datasetFeaturesTree } from "./dataset_features.ts";
import { dtypeTexts } from "./dtype_text.ts";
import { featureText } from "./feature_text.ts";
import type { DescribeScope } from "./scope.ts";
import { featureTable, type Line, span, textTree, type Tree } from "./tree.ts";

/** The branches for values of features: those in the data, then the others. */
export interface FeatureTrees {
  readonly dataset: readonly Tree[];
  readonly external: readonly Tree[];
}

/**
 * The values of a record's features: records before plain values, each sorted by name. Those of
 * features that were found in the data are shown there; `derived` are more rows for the others.
 */
export async function featureTrees(
  scope: DescribeScope,
  registry: Registry,
  id: number,
  options: {
    readonly dataset?: DatasetFeatures;
    readonly hasExternalSlot?: boolean;
    readonly derived?: readonly FeatureValues[];
  } = {},
): Promise<FeatureTrees> {
  const { reader, registries, branches } = scope;
  const found = (await featureValuesOf(reader, registries, registry, [id], branches)).get(id) ?? [];
  const names = new Set(found.map(({ feature }) => feature.name));
  const values = [
    ...[...found].sort(byKindAndName),
    ...(options.derived ?? []).filter(({ feature }) => !names.has(feature.name)),
  ];
  const dtypes = await dtypeTexts(reader, values.map(({ feature }) => feature._dtype_str));
  const labelled = new Map<string, Line[]>();
  const external: Line[][] = [];
  for (const value of values) {
    const { name, _dtype_str } = value.feature;
    const row = [
      [span(name)],
      [span(dtypes.get(_dtype_str) ?? "", "dim")],
      [span(featureText(value))],
    ];
    if (options.dataset?.internal.has(name)) labelled.set(name, row);
    else external.push(row);
  }
  const dataset = options.dataset === undefined
    ? []
    : datasetFeaturesTree(options.dataset, labelled);
  const title = dataset.length > 0 || options.hasExternalSlot ? "External features" : "Features";
  return {
    dataset,
    external: external.length === 0
      ? []
      : [textTree([[span(title, "external")]], [featureTable(external)])],
  };
}

function byKindAndName(a: FeatureValues, b: FeatureValues): number {
  return Number(b.areRecords) - Number(a.areRecords) ||
    compareCodePoints(a.feature.name, b.feature.name) ||
    compareCodePoints(a.feature._dtype_str ?? "", b.feature._dtype_str ?? "");
}
