import type { SchemaElement } from "hyparquet";
import type { NumberKind } from "../../../core/diff/number.ts";
import type { Field } from "./schema.ts";

/** The type of a column or field in the words of Apache Arrow, such as "timestamp[us, tz=UTC]". */
export function typeName(field: Field): string {
  const name = ownType(field);
  return field.isRepeated ? `list<element: ${name}>` : name;
}

function ownType({ shape, element, children }: Field): string {
  if (shape === "value") return valueType(element);
  if (shape === "list") return `list<element: ${typeName(children[0]!)}>`;
  if (shape === "map") return `map<${typeName(children[0]!)}, ${typeName(children[1]!)}>`;
  const fields = children.map((child) => `${child.element.name}: ${typeName(child)}`);
  return `struct<${fields.join(", ")}>`;
}

const integers: Readonly<Record<string, string>> = {
  INT_8: "int8",
  INT_16: "int16",
  INT_32: "int32",
  INT_64: "int64",
  UINT_8: "uint8",
  UINT_16: "uint16",
  UINT_32: "uint32",
  UINT_64: "uint64",
};

const physical: Readonly<Record<string, string>> = {
  BOOLEAN: "bool",
  INT32: "int32",
  INT64: "int64",
  INT96: "timestamp[ns]",
  FLOAT: "float",
  DOUBLE: "double",
  BYTE_ARRAY: "binary",
};

function valueType(element: SchemaElement): string {
  const { type, converted_type: converted, logical_type: logical } = element;
  const time = timeOf(element);
  if (time !== null) return timeType(time);
  if (isDecimal(element)) {
    const { precision, scale } = decimalOf(element);
    return `decimal${precision > 38 ? 256 : 128}(${precision}, ${scale})`;
  }
  if (converted === "DATE" || logical?.type === "DATE") return "date32[day]";
  if (converted === "INTERVAL") return "interval";
  if (logical?.type === "INTEGER") {
    return `${logical.isSigned ? "int" : "uint"}${logical.bitWidth}`;
  }
  if (converted !== undefined && converted in integers) return integers[converted]!;
  if (converted === "UTF8" || logical?.type === "STRING") return "string";
  if (logical?.type === "FLOAT16") return "halffloat";
  // Types newer than the decoding library come without a name.
  if (logical?.type !== undefined) return logical.type.toLowerCase();
  if (converted !== undefined) return converted.toLowerCase();
  if (type === "FIXED_LEN_BYTE_ARRAY") return `fixed_size_binary[${element.type_length}]`;
  return physical[type!] ?? "unknown";
}

/** What a whole number that stands for a moment or a time of day counts. */
export interface TimeUnits {
  readonly of: "timestamp" | "time";
  readonly unit: "ms" | "us" | "ns";
  readonly isUtc: boolean;
}

const units = { MILLIS: "ms", MICROS: "us", NANOS: "ns" } as const;

/** The unit of a time; null for other values. Old annotations without a logical type mean UTC. */
export function timeOf(element: SchemaElement): TimeUnits | null {
  const { converted_type: converted, logical_type: logical } = element;
  if (logical?.type === "TIMESTAMP" || logical?.type === "TIME") {
    const of = logical.type === "TIME" ? "time" : "timestamp";
    return { of, unit: units[logical.unit], isUtc: logical.isAdjustedToUTC };
  }
  const [, of, unit] = /^(TIME|TIMESTAMP)_(MILLIS|MICROS)$/.exec(converted ?? "") ?? [];
  if (of === undefined) return null;
  return {
    of: of === "TIME" ? "time" : "timestamp",
    unit: unit === "MILLIS" ? "ms" : "us",
    isUtc: true,
  };
}

function timeType({ of, unit, isUtc }: TimeUnits): string {
  if (of === "time") return `time${unit === "ms" ? 32 : 64}[${unit}]`;
  return isUtc ? `timestamp[${unit}, tz=UTC]` : `timestamp[${unit}]`;
}

export function isDecimal({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === "DECIMAL" || logical_type?.type === "DECIMAL";
}

/** Digits of a decimal in all and after the point. */
export function decimalOf(element: SchemaElement): { precision: number; scale: number } {
  const { logical_type: logical } = element;
  const given = logical?.type === "DECIMAL" ? logical : element;
  return { precision: given.precision ?? 0, scale: given.scale ?? 0 };
}

/** How the cells of a column compare as numbers; undefined where they are none. */
export function numberKind({ shape, isRepeated, element }: Field): NumberKind | undefined {
  if (shape !== "value" || isRepeated) return undefined;
  const name = valueType(element);
  if (/^u?int[0-9]+$/.test(name)) return "integer";
  if (name.startsWith("decimal")) return "decimal";
  if (name === "float") return "float32";
  return name === "double" || name === "halffloat" ? "float64" : undefined;
}
