import { quote } from "../sql.ts";
import type { Table } from "../table.ts";
import type { Connection } from "./connection.ts";
import { arrayLiteral } from "./values.ts";

/** Up to so many rows a table counts as new: nobody reads much in it that would have to wait. */
const newRowsMax = 1000;

/** Memory for sorting what goes into an index. */
const sortMemory = "256MB";

interface Rule {
  readonly drop: string;
  readonly make: string;
}

/** What was dropped, to be made again. */
export interface SetAside {
  /** Tables that others have to wait for until the end of the transaction. */
  readonly tables: readonly Table[];
  readonly again: readonly string[];
}

/**
 * Drops the indexes of tables that are new, but for their primary keys and those by which columns
 * in `kept` are looked up, and their foreign keys, which are checked for each row otherwise; gives
 * the statements that make them again, to the letter. Others who use the tables wait until the end
 * of the transaction, so tables that are in use are left as they are, and those of another owner.
 */
export async function setAside(
  connection: Connection,
  tables: readonly Table[],
  kept: readonly string[],
): Promise<SetAside> {
  const own: Table[] = [];
  for (const table of tables) if (await isNewAndOwn(connection, table.name)) own.push(table);
  if (own.length === 0) return { tables: [], again: [] };
  const names = own.map(({ name }) => name);
  const rules = [
    ...await constraints(connection, names, kept),
    ...await indexes(connection, names, kept),
  ];
  const locks = names.map((name) => `LOCK TABLE ${quote(name)} IN ACCESS EXCLUSIVE MODE`);
  // A table whose rows wait to be checked cannot be altered.
  const checked = ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"];
  await connection.script([...checked, ...locks, ...rules.map(({ drop }) => drop)]);
  const again = [
    ...checked,
    `SET LOCAL maintenance_work_mem = '${sortMemory}'`,
    ...rules.map(({ make }) => make),
  ];
  return { tables: own, again };
}

async function isNewAndOwn(connection: Connection, table: string): Promise<boolean> {
  const { rows: [row] } = await connection.run(
    `SELECT pg_has_role(relowner, 'USAGE') AND (
       SELECT count(*) FROM (SELECT 1 FROM ${quote(table)} LIMIT ${newRowsMax + 1}) AS few
     ) <= ${newRowsMax} AS fits FROM pg_class WHERE oid = to_regclass(?)`,
    [quote(table)],
  );
  return row?.["fits"] === 1;
}

/** Foreign keys, and unique constraints that no foreign key leads to. */
async function constraints(
  connection: Connection,
  tables: readonly string[],
  kept: readonly string[],
): Promise<Rule[]> {
  const { rows } = await connection.run(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
         pg_get_constraintdef(oid)) AS make
     FROM pg_constraint AS own WHERE conrelid = ANY (?::regclass[]) AND (
       contype = 'f' OR contype = 'u' AND NOT EXISTS (
         SELECT 1 FROM pg_attribute
         WHERE attrelid = conrelid AND attnum = ANY (conkey) AND attname = ANY (?::text[])
       ) AND NOT EXISTS (
         SELECT 1 FROM pg_constraint AS other
         WHERE other.contype = 'f' AND other.conindid = own.conindid
       )
     ) ORDER BY contype`,
    [arrayLiteral(tables.map(quote)), arrayLiteral(kept)],
  );
  return rows as unknown as Rule[];
}

async function indexes(
  connection: Connection,
  tables: readonly string[],
  kept: readonly string[],
): Promise<Rule[]> {
  const { rows } = await connection.run(
    `SELECT format('DROP INDEX %s', indexrelid::regclass) AS drop,
       pg_get_indexdef(indexrelid) AS make
     FROM pg_index WHERE indrelid = ANY (?::regclass[])
       AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
       AND NOT EXISTS (
         SELECT 1 FROM pg_attribute JOIN pg_opclass ON pg_opclass.oid = indclass[0]
         WHERE attrelid = indrelid AND attname = ANY (?::text[]) AND opcdefault
           AND (attnum = indkey[0] OR indisunique AND attnum = ANY (indkey))
       )`,
    [arrayLiteral(tables.map(quote)), arrayLiteral(kept)],
  );
  return rows as unknown as Rule[];
}
