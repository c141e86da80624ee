import { parseDtype } from "../feature/dtype.ts";
import type { FeatureValues } from "../feature/values.ts";
import { compareCodePoints } from "../python/order.ts";
import { parseJson } from "../python/parse_json.ts";
import { pythonRepr, pythonStr } from "../python/str.ts";
import type { PythonValue } from "../python/value.ts";
import { joinValues } from "./entities.ts";
import { pythonTime } from "./python_time.ts";

/**
 * The values of a feature as Python prints them: each once and sorted, lists and dicts as they are.
 */
export function featureText({ feature, areRecords, texts }: FeatureValues): string {
  const dtype = feature._dtype_str ?? "";
  const { isList } = parseDtype(dtype);
  if (areRecords) {
    return isList ? pythonRepr(texts) : joinValues([...texts].sort(compareCodePoints));
  }
  const values = texts.map(jsonValue);
  if (isList || dtype === "dict") return values.map(pythonStr).join(", ");
  return joinValues(values.map((value) => converted(value, dtype)).sort(byValue).map(pythonStr));
}

function jsonValue(text: string): PythonValue {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/**
 * The value as Python's type of the feature has it: a float for a whole number, a time for its
 * text.
 */
function converted(value: PythonValue, dtype: string): PythonValue {
  if ((dtype === "float" || dtype === "num") && typeof value === "bigint") return Number(value);
  if (dtype === "int" && typeof value === "number") return BigInt(Math.trunc(value));
  if (typeof value !== "string") return value;
  if (dtype.startsWith("datetime")) return pythonTime(value);
  return dtype === "date" ? value.slice(0, 10) : value;
}

function byValue(a: PythonValue, b: PythonValue): number {
  const areNumbers = [a, b].every((one) => typeof one === "number" || typeof one === "bigint");
  if (areNumbers) return a! < b! ? -1 : a! > b! ? 1 : 0;
  return compareCodePoints(pythonStr(a), pythonStr(b));
}
