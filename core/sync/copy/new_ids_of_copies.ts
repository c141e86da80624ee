import { beside, type Writer } from "../../../store/database/database.ts";
import { quote } from "../../../store/database/sql.ts";
import type { CopiedTable } from "./copying.ts";

/** SQL that gives the id in the target for an id in the source, NULL for what is not there. */
export type NewIdOf = (id: string) => string;

/** Ids that are handed over together. */
const batchSize = 5000;

/** So many ids are told apart faster than looked up. */
const listedMax = 16;

/**
 * Which ids the rows of a copied table get: those after `offset`, in the order that they have in
 * the source. Where they have no gaps there, it is a matter of adding; else a table says it.
 */
export async function idsOfCopies(
  writer: Writer,
  table: string,
  { count, first, last }: CopiedTable,
  offset: number,
): Promise<NewIdOf> {
  if (last - first + 1 === count) {
    const added = offset + 1 - first;
    return (id) => `CASE WHEN ${id} BETWEEN ${first} AND ${last} THEN ${id} + ${added} END`;
  }
  const ids = await idTable(writer, table);
  await writer.run(
    `INSERT INTO ${ids} SELECT id, ${offset} + row_number() OVER (ORDER BY id)
     FROM ${beside}.${quote(table)} NOT INDEXED ORDER BY id`,
  );
  return lookedUp(ids);
}

/** As {@link idsOfCopies}, for rows whose ids were chosen one by one. */
export async function idsOfOthers(
  writer: Writer,
  name: string,
  ids: Iterable<readonly [there: number, here: number]>,
): Promise<NewIdOf> {
  const all = [...ids];
  if (all.length <= listedMax) {
    const cases = all.map(([there, here]) => ` WHEN ${there} THEN ${here}`).join("");
    return (id) => cases === "" ? "NULL" : `CASE ${id}${cases} END`;
  }
  const table = await idTable(writer, name);
  for (let start = 0; start < all.length; start += batchSize) {
    await writer.run(
      `INSERT INTO ${table} SELECT value ->> 0, value ->> 1 FROM json_each(?)`,
      [JSON.stringify(all.slice(start, start + batchSize))],
    );
  }
  return lookedUp(table);
}

async function idTable(writer: Writer, name: string): Promise<string> {
  const table = `temp.${quote(`lamin_ids_${name}`)}`;
  await writer.script([
    `DROP TABLE IF EXISTS ${table}`,
    `CREATE TABLE ${table} (there INTEGER PRIMARY KEY, here INTEGER NOT NULL)`,
  ]);
  return table;
}

function lookedUp(table: string): NewIdOf {
  return (id) => `(SELECT here FROM ${table} WHERE there = ${id})`;
}
