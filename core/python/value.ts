import { LaminError } from "../../store/errors.ts";

/**
 * A value as Python's json module reads it. JavaScript has one type for 3 and 3.0, Python has two
 * and LaminDB hashes their texts, so here a `bigint` is Python's int and a `number` is Python's
 * float. A dict is a Map, which keeps the order of keys that look like numbers.
 */
export type PythonValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly PythonValue[]
  | PythonDict;

export type PythonDict = ReadonlyMap<string, PythonValue>;

/** True when the value is what Python calls a dict. */
export function isPythonDict(value: PythonValue): value is PythonDict {
  return value instanceof Map;
}

/**
 * The Python value of one made in this program: whole numbers become ints (give a `PythonValue`
 * where a float is meant), other numbers floats, plain objects dicts in the order of their keys
 * without those that are undefined.
 *
 * @throws LaminError "usage" for what JSON cannot hold, such as functions and dates.
 */
export function pythonValue(value: unknown): PythonValue {
  switch (typeof value) {
    case "boolean":
    case "string":
    case "bigint":
      return value;
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
    case "object":
      return value === null ? null : pythonContainer(value);
    default:
      throw notJson(typeof value);
  }
}

function pythonContainer(value: object): PythonValue {
  if (Array.isArray(value)) return value.map(pythonValue);
  const prototype = Object.getPrototypeOf(value);
  const isMap = value instanceof Map;
  if (!isMap && prototype !== null && prototype !== Object.prototype) {
    throw notJson(value.constructor.name);
  }
  const dict = new Map<string, PythonValue>();
  for (const [key, member] of isMap ? value : Object.entries(value)) {
    if (typeof key !== "string") throw notJson(`a key of type ${typeof key}`);
    if (member !== undefined) dict.set(key, pythonValue(member));
  }
  return dict;
}

function notJson(what: string): LaminError {
  return new LaminError("usage", `A value of JSON cannot be or hold: ${what}.`);
}
