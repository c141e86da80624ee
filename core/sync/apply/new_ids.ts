import type { Reader } from "../../../store/database/database.ts";
import { movingOf } from "../../../store/database/moving/moving.ts";
import { quote } from "../../../store/database/sql.ts";
import type { TablePlan } from "../plan/table_plan.ts";

/** Ids for the rows that a target lacks, by table and identity: none that it ever gave. */
export type NewIds = ReadonlyMap<string, Map<string, number>>;

/** Chooses them beforehand, as rows of tables refer to each other in circles. */
export async function newIds(reader: Reader, plans: Iterable<TablePlan>): Promise<NewIds> {
  const wanted = [...plans].filter(({ missing }) => missing.length > 0);
  const lasts = await lastIds(reader, wanted.map(({ shape }) => shape.registry.name));
  const ids = new Map<string, Map<string, number>>();
  for (const { shape: { registry: { name } }, missing } of wanted) {
    let last = lasts.get(name)!;
    ids.set(name, new Map(missing.map(({ identity }) => [identity, ++last])));
  }
  return ids;
}

/** The highest ids that tables ever gave, 0 where they gave none. */
export async function lastIds(
  reader: Reader,
  tables: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const moving = await movingOf(reader.dialect.name);
  const given = await moving.lastIds(reader, tables);
  const lasts = new Map<string, number>();
  for (const name of tables) {
    const row = await reader.first<{ id: number | null }>(
      `SELECT max(id) AS id FROM ${quote(name)}`,
    );
    lasts.set(name, Math.max(given.get(name) ?? 0, Number(row?.id ?? 0), 0));
  }
  return lasts;
}
