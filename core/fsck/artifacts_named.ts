import type { Condition, SqlValue } from "../../store/database/database.ts";
import type { Instance } from "../instance/instance.ts";
import { stemUid } from "../identity/uid.ts";
import { meaningOf } from "../reference/meaning.ts";

/**
 * The condition on artifacts that references come to: one version, all versions of a key, or
 * everything below a folder, on every branch; all artifacts without any. Throws code "not_found" or
 * "ambiguous".
 */
export async function artifactsNamed(
  instance: Instance,
  references: readonly string[],
): Promise<Condition> {
  if (references.length === 0) return { sql: "TRUE", parameters: [] };
  const conditions = await instance.database.read(async (reader) => {
    const found: Condition[] = [];
    for (const reference of references) {
      const meaning = await meaningOf(instance, reader, reference, "all");
      if (meaning.kind === "folder") found.push(reader.dialect.startsWith("key", meaning.prefix));
      else if (meaning.kind === "version") {
        found.push({ sql: "id = ?", parameters: [meaning.row.id] });
      } else found.push(reader.dialect.startsWith("uid", stemUid(meaning.row.uid)));
    }
    return found;
  });
  const parameters: SqlValue[] = conditions.flatMap((condition) => condition.parameters);
  return { sql: conditions.map(({ sql }) => `(${sql})`).join(" OR "), parameters };
}
