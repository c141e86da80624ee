import { LaminError } from "../../store/errors.ts";
import { parseJson } from "../python/parse_json.ts";
import { isPythonDict, type PythonDict } from "../python/value.ts";

/** Text of the file at a path relative to the store, null where there is none. */
export type RootReader = (relativePath: string) => string | null;

/**
 * The attributes at the root of a zarr store: of `zarr.json` (version 3), which goes before
 * `.zattrs` beside `.zarray` or `.zgroup` (version 2). Null where there is no root or it cannot be
 * understood, as the zarr package of Python decides it.
 */
export function readRootAttributes(read: RootReader): PythonDict | null {
  try {
    const version3 = read("zarr.json");
    if (version3 !== null) return attributesOfVersion3(version3);
    return attributesOfVersion2(read(".zarray"), read(".zgroup"), read(".zattrs"));
  } catch (error) {
    // What an instance calls zarr need not be zarr: the artifact then has no type, as in Python.
    if (error instanceof LaminError && error.code === "damaged") return null;
    throw error;
  }
}

function attributesOfVersion3(text: string): PythonDict | null {
  const root = parseJson(text);
  if (!isPythonDict(root)) return null;
  const nodeType = root.get("node_type") ?? "group";
  const isNode = nodeType === "array"
    ? hasAll(root, ["zarr_format", "shape", "data_type"])
    : nodeType === "group" && isKnownFormat(root);
  return isNode ? dictOrEmpty(root.get("attributes")) : null;
}

function attributesOfVersion2(
  array: string | null,
  group: string | null,
  attributes: string | null,
): PythonDict | null {
  const text = array ?? group;
  const root = text === null ? null : parseJson(text);
  if (root === null || !isPythonDict(root)) return null;
  const isNode = array === null ? isKnownFormat(root) : hasAll(root, ["shape", "chunks", "dtype"]);
  if (!isNode) return null;
  return attributes === null ? new Map() : dictOrEmpty(parseJson(attributes));
}

function isKnownFormat(group: PythonDict): boolean {
  const format = group.get("zarr_format");
  return format === undefined || format === 2n || format === 3n;
}

function hasAll(dict: PythonDict, keys: readonly string[]): boolean {
  return keys.every((key) => dict.has(key));
}

function dictOrEmpty(value: unknown): PythonDict {
  return value instanceof Map ? value : new Map();
}
