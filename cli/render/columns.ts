import { aliasesOf } from "../../core/query/alias.ts";
import { featuresNamed } from "../../core/query/feature_filter.ts";
import type { AnyRow } from "../../core/query/query.ts";
import { hasFeatures } from "../../core/feature/values.ts";
import type { Registry } from "../../core/registry/registry.ts";
import type { RegistrySet } from "../../core/registry/registry_set.ts";
import type { Reader } from "../../store/database/database.ts";
import type { Json } from "../output.ts";
import { featureColumn } from "./feature_column.ts";
import { fieldColumn } from "./field_column.ts";

/** A column of a list: how its values are read, and how they are shown. */
export interface Column {
  readonly name: string;
  /** Shown at the right. */
  readonly isNumber: boolean;
  /** Never cut. */
  readonly isWhole: boolean;
  /** The values of rows, by row id; of one row there may be several. */
  read(reader: Reader, rows: readonly AnyRow[]): Promise<ReadonlyMap<number, readonly unknown[]>>;
  /** The values of a row as people read them. */
  text(values: readonly unknown[]): string;
  /** The same as `--json` prints them: a list where there may be several. */
  json(values: readonly unknown[]): Json;
}

/** What columns are made with. */
export interface ColumnScope {
  readonly reader: Reader;
  readonly registries: RegistrySet;
  readonly registry: Registry;
  /** Branches whose labels count as values of features. */
  readonly branches: readonly number[];
}

/**
 * Columns by their names: fields, what names such as `run__transform__key` lead to, and features
 * where records have values of them. Throws code "usage" with the nearest names for one that is
 * unknown.
 */
export async function columnsNamed(
  scope: ColumnScope,
  names: readonly string[],
): Promise<Column[]> {
  const { reader, registries, registry } = scope;
  const isField = (name: string) => {
    const first = name.split("__")[0]!;
    return first in registry.columns || aliasesOf(registry).has(first) ||
      registries.relation(registry, first) !== undefined;
  };
  const others = hasFeatures(registry) ? names.filter((name) => !isField(name)) : [];
  const features = others.length === 0 ? new Map() : await featuresNamed(reader, others);
  return names.map((name) =>
    features.has(name) ? featureColumn(scope, name) : fieldColumn(registries, registry, name)
  );
}

/** The values of columns for rows: for each row, for each column. */
export async function columnValues(
  reader: Reader,
  columns: readonly Column[],
  rows: readonly AnyRow[],
): Promise<(readonly unknown[])[][]> {
  const found: ReadonlyMap<number, readonly unknown[]>[] = [];
  for (const column of columns) found.push(await column.read(reader, rows));
  return rows.map((row) => found.map((values) => values.get(row.id as number) ?? []));
}
