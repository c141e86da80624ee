import type { Reader } from "../../store/database/database.ts";
import { valuesAlong } from "../../core/query/follow.ts";
import type { AnyRow } from "../../core/query/query.ts";
import { resolveTarget, type Target } from "../../core/query/target.ts";
import { unknownField } from "../../core/query/unknown_field.ts";
import { isNumeric } from "../../core/query/value.ts";
import type { Registry } from "../../core/registry/registry.ts";
import type { RegistrySet } from "../../core/registry/registry_set.ts";
import type { Json } from "../output.ts";
import { jsonOf } from "./row_json.ts";

/** A column of a list: a field, or what a name such as `run__transform__key` leads to. */
export interface Column {
  readonly name: string;
  readonly target: Target;
  /** Whether a row may have several values. */
  readonly isMany: boolean;
  readonly isNumber: boolean;
}

/** Columns by their names. Throws code "usage" with the nearest names for one that is unknown. */
export function columnsNamed(
  registries: RegistrySet,
  registry: Registry,
  names: readonly string[],
): Column[] {
  return names.map((name) => {
    const segments = name.split("__");
    const target = resolveTarget(registries, registry, segments);
    if (target.operator !== "exact" || segments.at(-1) === "exact") {
      throw unknownField(registries, target.registry, segments.at(-1)!);
    }
    const { column, steps } = target;
    return {
      name,
      target,
      isMany: steps.some(({ kind }) => kind !== "forward"),
      isNumber: column !== undefined && column.words === undefined &&
        isNumeric(column.definition) && column.definition.references === undefined,
    };
  });
}

/** The values of columns for rows: for each row, for each column, what it leads to. */
export async function columnValues(
  reader: Reader,
  registry: Registry,
  columns: readonly Column[],
  rows: readonly AnyRow[],
): Promise<unknown[][][]> {
  const ids = rows.map((row) => row.id as number);
  const found: ((row: AnyRow) => unknown[])[] = [];
  for (const { target } of columns) {
    const { column, steps } = target;
    if (steps.length === 0 && column !== undefined && column.keys.length === 0) {
      found.push((row) => [row[column.name]]);
      continue;
    }
    const values = await valuesAlong(reader, registry, target, ids);
    found.push((row) => values.get(row.id as number) ?? []);
  }
  return rows.map((row) => found.map((valuesOf) => valuesOf(row)));
}

/** The values of a column for a row as `--json` prints them: a list where there may be several. */
export function columnJson({ target, isMany }: Column, values: readonly unknown[]): Json {
  const isJson = target.column?.definition.type === "json" && target.column.keys.length === 0;
  const json = values.map((value) => isJson ? jsonOf(value) : value as Json ?? null);
  return isMany ? json : json[0] ?? null;
}
