import { dumpJson } from "../../python/json.ts";
import { parseJson } from "../../python/parse_json.ts";
import { isPythonDict } from "../../python/value.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import type { Changes } from "../../operation/changes.ts";
import type { Mend } from "../finding.ts";
import { mendsTo } from "./tidy_notes.ts";

/** Notes that artifacts were stored to their end, as Python does it then (COMPAT §5.6). */
export async function endUploads(changes: Changes, mends: readonly Mend[]): Promise<void> {
  const ids = changes.reader.dialect.valuesOf(
    mendsTo(mends, "end upload").map(({ artifactId }) => artifactId),
  );
  const rows = await changes.reader.select(artifact, `id IN (${ids.sql})`, ids.parameters);
  for (const row of rows) {
    await changes.update(artifact, [row], { _aux: withoutUpload(row._aux) });
  }
}

function withoutUpload(aux: string | null): string | null {
  const value = aux === null ? null : parseJson(aux);
  if (value === null || !isPythonDict(value)) return null;
  const rest = [...value].filter(([key]) => key !== "so");
  return rest.length === 0 ? null : dumpJson(new Map(rest));
}
