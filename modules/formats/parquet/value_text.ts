import type { SchemaElement } from "hyparquet";
import { hex } from "../../../core/identity/hex.ts";
import { float16, float32Text } from "./floats.ts";
import { isText } from "./schema.ts";
import { decimalOf, isDecimal, timeOf } from "./type_name.ts";
import { dateText, timeText } from "./time_text.ts";

/** A value that the decoding library gives for plain elements. */
export type PlainValue = boolean | number | bigint | string | Uint8Array;

/** Longest decimal; Arrow's longest has 32 bytes. */
const decimalBytesMax = 64;

/**
 * How to write the values of an element as text: whole numbers and decimals with all their digits,
 * binary fractions as the shortest text that reads back as them, times as
 * `2024-12-01 10:00:00.5+00:00`, other bytes as `0x…`.
 */
export function valueText(element: SchemaElement): (value: PlainValue) => string {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (isText(element)) return String;
  if (isDecimal(element)) {
    const { scale } = decimalOf(element);
    return (value) => decimalText(value, scale);
  }
  if (type === "INT96") {
    return (value) => timeText(value as bigint, { of: "timestamp", unit: "ns", isUtc: false });
  }
  const time = timeOf(element);
  if (time !== null) return (value) => timeText(value as number | bigint, time);
  if (converted === "DATE" || logical?.type === "DATE") return (value) => dateText(Number(value));
  if (isUnsigned(element)) {
    const bits = type === "INT64" ? 64 : 32;
    return (value) =>
      `${value as number < 0 ? BigInt.asUintN(bits, BigInt(value as number)) : value}`;
  }
  if (type === "FLOAT") return (value) => float32Text(value as number);
  if (logical?.type === "FLOAT16") return (value) => `${float16(value as Uint8Array)}`;
  if (logical?.type === "UUID") return (value) => uuidText(value as Uint8Array);
  return (value) => typeof value === "object" ? `0x${hex(value)}` : `${value}`;
}

/** True for values whose text is their JSON text too. */
export function isBareInJson({ type, logical_type: logical }: SchemaElement): boolean {
  return type === "BOOLEAN" || type === "INT32" || type === "INT64" || type === "FLOAT" ||
    type === "DOUBLE" || logical?.type === "FLOAT16";
}

function isUnsigned({ converted_type, logical_type }: SchemaElement): boolean {
  return (converted_type?.startsWith("UINT_") ?? false) ||
    (logical_type?.type === "INTEGER" && !logical_type.isSigned);
}

function decimalText(value: PlainValue, scale: number): string {
  if (typeof value === "object" && value.length > decimalBytesMax) return `0x${hex(value)}`;
  const unscaled = typeof value === "object" ? bigEndian(value) : BigInt(value as bigint);
  if (scale === 0) return `${unscaled}`;
  const digits = `${unscaled < 0n ? -unscaled : unscaled}`.padStart(scale + 1, "0");
  const sign = unscaled < 0n ? "-" : "";
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** A signed number whose highest byte comes first. */
function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

function uuidText(bytes: Uint8Array): string {
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
