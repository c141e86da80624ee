import type { Reader } from "../../store/database/database.ts";
import type { Instance } from "../instance/instance.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import type { Unreferenced } from "./plan.ts";
import { loggedPlace, type References } from "./references.ts";
import { objectOf } from "./stored_objects.ts";

/** An artifact that is no more. */
export interface FormerName {
  readonly uid: string;
  readonly key: string | null;
}

/** The artifacts that objects were the content of, as the rows in the operation log tell. */
export async function formerNames(
  instance: Instance,
  reader: Reader,
  objects: readonly Unreferenced[],
  references: References,
): Promise<Map<Unreferenced, FormerName[]>> {
  const names = new Map<Unreferenced, FormerName[]>();
  if (objects.length === 0 || !(await instance.hasSideTables(reader))) return names;
  const byName = new Map(objects.map((object) => [object.name, object]));
  const mentions = reader.dialect.contains("CAST(before AS TEXT)", ".lamindb/objects/");
  const changes = reader.iterate<{ before: string }>(
    `SELECT before FROM lamin_change WHERE before IS NOT NULL AND table_name = ? AND ${mentions.sql}`,
    [artifact.name, ...mentions.parameters],
  );
  for await (const { before } of changes) {
    const row = loggedPlace(before);
    const place = references.placeOf(row);
    const object = place && byName.get(objectOf(place.name) ?? "");
    if (object === undefined || object.storage.id !== place!.storage.id) continue;
    const known = names.get(object) ?? [];
    names.set(object, known);
    if (!known.some(({ uid }) => uid === row.uid)) known.push({ uid: row.uid, key: row.key });
  }
  return names;
}
