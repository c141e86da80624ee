import { LaminError } from "../../store/errors.ts";
import { parseJson } from "../python/parse_json.ts";
import { isPythonDict, type PythonDict } from "../python/value.ts";

/** Text of the file at a path relative to the store, null where there is none. */
export type RootReader = (relativePath: string) => string | null;

/**
 * The attributes at the root of a zarr store: of `zarr.json` (version 3), which goes before `.zattrs`
 * beside `.zarray` or `.zgroup` (version 2). Null where there is no root or it cannot be understood,
 * as the zarr package of Python decides it.
 */
export function readRootAttributes(read: RootReader): PythonDict | null {
  try {
    const version3 = read("zarr.json");
    if (version3 !== null) return attributesOfVersion3(version3);
    const version2 = read(".zarray") ?? read(".zgroup");
    return version2 === null ? null : attributesOfVersion2(version2, read(".zattrs"));
  } catch (error) {
    // What an instance calls zarr need not be zarr: the artifact then has no type, as in Python.
    if (error instanceof LaminError && error.code === "damaged") return null;
    throw error;
  }
}

function attributesOfVersion3(text: string): PythonDict | null {
  const root = parseJson(text);
  if (!isPythonDict(root) || root.get("zarr_format") !== 3n) return null;
  const nodeType = root.get("node_type") ?? "group";
  if (nodeType !== "group" && nodeType !== "array") return null;
  return dictOrEmpty(root.get("attributes"));
}

function attributesOfVersion2(text: string, attributes: string | null): PythonDict | null {
  const root = parseJson(text);
  if (!isPythonDict(root) || root.get("zarr_format") !== 2n) return null;
  return attributes === null ? new Map() : dictOrEmpty(parseJson(attributes));
}

function dictOrEmpty(value: unknown): PythonDict {
  return value instanceof Map ? value : new Map();
}
