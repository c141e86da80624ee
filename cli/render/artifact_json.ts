import type { ArtifactRow } from "../../core/artifact/storage_key.ts";
import type { JsonObject } from "../output.ts";
import { jsonOf } from "./row_json.ts";

/**
 * A row as `--json` prints it: the fields of the registry under their names, JSON columns as JSON.
 */
export function artifactJson(row: ArtifactRow): JsonObject {
  const { _aux, extra_data, ...fields } = row;
  return { ...fields, _aux: jsonOf(_aux), extra_data: jsonOf(extra_data) };
}
