import { valuesAlong } from "../../core/query/follow.ts";
import { resolveTarget, type Target } from "../../core/query/target.ts";
import { unknownField } from "../../core/query/unknown_field.ts";
import { isNumeric } from "../../core/query/value.ts";
import type { Registry } from "../../core/registry/registry.ts";
import type { RegistrySet } from "../../core/registry/registry_set.ts";
import type { Json } from "../output.ts";
import { cellText } from "./cell.ts";
import type { Column } from "./columns.ts";
import { jsonOf } from "./row_json.ts";

/** How many related records a cell names. */
const namedMax = 5;

/** A field, or what a name such as `run__transform__key` leads to. Throws code "usage". */
export function fieldColumn(registries: RegistrySet, registry: Registry, name: string): Column {
  const segments = name.split("__");
  const target = resolveTarget(registries, registry, segments);
  if (target.operator !== "exact" || segments.at(-1) === "exact") {
    throw unknownField(registries, target.registry, segments.at(-1)!);
  }
  const { column, steps } = target;
  const isMany = steps.some(({ kind }) => kind !== "forward");
  const isWholeJson = column?.definition.type === "json" && column.keys.length === 0;
  return {
    name,
    isNumber: column !== undefined && column.words === undefined &&
      isNumeric(column.definition) && column.definition.references === undefined,
    isWhole: name === "uid" || column?.definition.type === "datetime",
    read: async (reader, rows) => {
      const isOwn = steps.length === 0 && column !== undefined && column.keys.length === 0;
      if (isOwn) return new Map(rows.map((row) => [row.id as number, [row[column.name]]]));
      return await valuesAlong(reader, registry, target, rows.map((row) => row.id as number));
    },
    text: (values) => textOf(target, values),
    json: (values) => {
      const json = values.map((value) => isWholeJson ? jsonOf(value) : value as Json ?? null);
      return isMany ? json : json[0] ?? null;
    },
  };
}

function textOf(target: Target, values: readonly unknown[]): string {
  const texts = [...new Set(values.map((value) => cellText(target, value)))].filter(Boolean);
  const more = texts.length > namedMax ? ", …" : "";
  return texts.slice(0, namedMax).join(", ") + more;
}
