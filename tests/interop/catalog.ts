import type { Reader } from "../../store/database/database.ts";

/** What a Postgres database is made of, a line each, in the words of its server. */
const listing = `
  SELECT 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
    || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
    || COALESCE(' DEFAULT ' || pg_get_expr(adbin, adrelid), '')
    || CASE attidentity WHEN '' THEN '' ELSE ' IDENTITY ' || attidentity::text END AS line
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    LEFT JOIN pg_attrdef ON adrelid = pg_class.oid AND adnum = attnum
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
    AND NOT attisdropped
  UNION ALL
  SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL
  SELECT 'sequence ' || sequencename || ' ' || data_type FROM pg_sequences
  WHERE schemaname = 'public'
  UNION ALL
  SELECT 'trigger ' || pg_get_triggerdef(oid) || ' ' || COALESCE(obj_description(oid), '')
  FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL
  SELECT 'function ' || proname || '(' || pg_get_function_arguments(oid) || ') '
    || pg_get_function_result(oid)
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace`;

/** The sorted lines of a database, without those of our own tables. */
export async function catalogOf(reader: Reader): Promise<string[]> {
  const rows = await reader.all<{ line: string }>(listing);
  return rows.map(({ line }) => line)
    .filter((line) => !/\blamin_(object|content|manifestfile|operation|change)/.test(line))
    .sort();
}
