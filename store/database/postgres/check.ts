import type { Reader } from "../database.ts";
import { quote } from "../sql.ts";

/** Most faults that are told. */
const toldMax = 100;

interface Reference {
  readonly table_name: string;
  readonly column_name: string;
  readonly parent: string;
  readonly parent_column: string;
}

/**
 * What is wrong with a database: constraints and indexes that the server itself does not hold to be
 * good, and references to rows that are not there, which a restore without checks leaves.
 */
export async function checkPostgres(reader: Reader): Promise<string[]> {
  const found = (await reader.all<{ fault: string }>(
    `SELECT 'index ' || indexrelid::regclass || ' is not valid' AS fault
     FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
     WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace LIMIT ${toldMax}`,
  )).map(({ fault }) => fault);
  for (const reference of await references(reader)) {
    if (found.length >= toldMax) break;
    found.push(...await dangling(reader, reference, toldMax - found.length));
  }
  return found;
}

function references(reader: Reader): Promise<Reference[]> {
  return reader.all<Reference>(
    `SELECT child.relname AS table_name, own.attname AS column_name,
       parent.relname AS parent, other.attname AS parent_column
     FROM pg_constraint AS rule
       JOIN pg_class AS child ON child.oid = rule.conrelid
       JOIN pg_class AS parent ON parent.oid = rule.confrelid
       JOIN pg_attribute AS own ON own.attrelid = child.oid AND own.attnum = rule.conkey[1]
       JOIN pg_attribute AS other ON other.attrelid = parent.oid AND other.attnum = rule.confkey[1]
     WHERE rule.contype = 'f' AND array_length(rule.conkey, 1) = 1
       AND child.relnamespace = current_schema()::regnamespace
     ORDER BY child.relname, own.attname`,
  );
}

async function dangling(
  reader: Reader,
  { table_name, column_name, parent, parent_column }: Reference,
  limit: number,
): Promise<string[]> {
  const own = `child.${quote(column_name)}`;
  const rows = await reader.all(
    `SELECT child.id FROM ${quote(table_name)} AS child
     WHERE ${own} IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM ${quote(parent)} AS parent WHERE parent.${quote(parent_column)} = ${own}
     ) ORDER BY child.id LIMIT ${limit}`,
  );
  return rows.map(({ id }) =>
    `row ${id} of ${table_name} refers to a row of ${parent} that is not there`
  );
}
