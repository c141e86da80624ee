import type { ArtifactRow } from "../../core/artifact/storage_key.ts";
import type { JsonObject } from "../output.ts";

/**
 * A row as `--json` prints it: the fields of the registry under their names, JSON columns as JSON.
 */
export function artifactJson(row: ArtifactRow): JsonObject {
  const { _aux, extra_data, ...fields } = row;
  return { ...fields, _aux: parsed(_aux), extra_data: parsed(extra_data) };
}

function parsed(text: string | null): JsonObject[string] {
  return text === null ? null : JSON.parse(text);
}
