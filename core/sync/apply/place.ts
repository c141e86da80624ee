import { objectName } from "../../artifact/storage_key.ts";
import type { PortableContent, PortableRow } from "../rows/row_source.ts";
import type { TargetRow } from "./target_row.ts";

/**
 * Where the bytes of an artifact lie that goes from one instance's storage to another's: under the
 * name of their content, whether they are there yet or not. Where only Python wrote them and nobody
 * hashed them, that is known once they are fetched.
 */
export function placeInStore(row: PortableRow, content: PortableContent | undefined): TargetRow {
  if (content === undefined) return { _real_key: null, _key_is_virtual: true };
  return {
    _real_key: objectName(content.sha256, String(row.values["suffix"] ?? "")),
    _key_is_virtual: true,
    _overwrite_versions: false,
  };
}
