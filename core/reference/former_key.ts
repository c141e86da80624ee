import type { Reader, SqlValue } from "../../store/database/database.ts";
import { laminChange } from "../side_tables.ts";

/** A logged change of an artifact, by the operation that made it. */
interface ChangeFound {
  readonly id: number;
  readonly uid: string;
  readonly verb: string;
}

/**
 * What became of the artifact that had this key last, as a hint: it was renamed or deleted for good
 * by an operation. Undefined when no operation knows the key. Reads all logged changes of
 * artifacts.
 */
export async function formerKeyHint(reader: Reader, key: string): Promise<string | undefined> {
  if (!(await reader.hasTable(laminChange.name))) return undefined;
  const former = reader.dialect.jsonText("before", ["key"]);
  const change = await lastChange(reader, `${former.sql} = ?`, [...former.parameters, key]);
  if (change === undefined) return undefined;
  const present = await reader.first<{ key: string | null }>(
    "SELECT key FROM lamindb_artifact WHERE id = ?",
    [change.id],
  );
  if (present === undefined) {
    const last = await lastChange(reader, "first_id = ?", [change.id]) ?? change;
    return `it was deleted for good by '${last.verb}', operation ${last.uid}`;
  }
  if (present.key === null || present.key === key) return undefined;
  return `it became '${present.key}' by '${change.verb}', operation ${change.uid}`;
}

async function lastChange(
  reader: Reader,
  condition: string,
  parameters: readonly SqlValue[],
): Promise<ChangeFound | undefined> {
  return await reader.first<ChangeFound>(
    `SELECT lamin_change.first_id AS id, lamin_operation.uid, lamin_operation.verb
     FROM lamin_change JOIN lamin_operation ON lamin_operation.id = lamin_change.operation_id
     WHERE table_name = 'lamindb_artifact' AND ${condition}
     ORDER BY lamin_change.id DESC LIMIT 1`,
    parameters,
  );
}
