import type {
  CatalogColumn,
  CatalogIndex,
  CatalogReference,
  CatalogTable,
} from "../../../store/database/catalog/catalog.ts";
import { isDefaultOf } from "../../../store/database/catalog/default_value.ts";
import type { ColumnType } from "../../../store/database/table.ts";
import type { FoundTables } from "../unknown/found_tables.ts";
import { notSpoken } from "./frame.ts";
import { countIn, type Json, listIn, objectIn, orNull, textIn } from "./json.ts";

/** Stands for the table of a section that is about none. */
export const noTable = "";

/** Tables that no registry defines as lines: first what is said of all, then each table. */
export function unknownLines({ tables, others, alike, migrations }: FoundTables): Json[] {
  const changes = migrations.map(({ app, name }) => [app, name]);
  return [
    { others: [...others], alike: [...alike], migrations: changes },
    ...tables.map(tableJson),
  ];
}

function tableJson({ columns, indexes, references, ...table }: CatalogTable): Json {
  return {
    name: table.name,
    kind: table.kind,
    primary: [...table.primary],
    columns: columns.map(({ name, declared, type, nullable, default: value, isComputed }) => ({
      name,
      declared: declared.slice(0, declaredMax),
      type: type?.type ?? null,
      length: type?.length ?? null,
      nullable,
      default: value ?? null,
      isComputed,
    })),
    indexes: indexes.map(({ columns, isUnique }) => ({ columns: [...columns], isUnique })),
    references: references.map(({ column, table, to }) => [column, table, to]),
  };
}

const declaredMax = 100;

/** So many of each kind are more than anybody sends who looks at as many tables as we do. */
const tablesMax = 500;
const namesMax = 5000;
const partsMax = 2000;

/** Reads what a stranger says of such tables. Throws code "failed" for anything else. */
export function unknownIn(lines: Iterable<Json>): FoundTables {
  const [head, ...tables] = lines;
  const { others, alike, migrations } = objectIn(head);
  return {
    tables: listIn(tables, tablesMax).map(tableIn),
    others: names(others),
    alike: names(alike),
    migrations: listIn(migrations, namesMax).map((one) => {
      const [app, name] = listIn(one, 2);
      return { app: textIn(app, 300), name: textIn(name, 300) };
    }),
  };
}

function names(value: unknown): string[] {
  return listIn(value, namesMax).map((one) => textIn(one));
}

function tableIn(value: Json): CatalogTable {
  const { name, kind, primary, columns, indexes, references } = objectIn(value);
  return {
    name: textIn(name),
    kind: kind === "table" ? "table" : "other",
    primary: listIn(primary, partsMax).map((one) => textIn(one)),
    columns: listIn(columns, partsMax).map(columnIn),
    indexes: listIn(indexes, partsMax).map(indexIn),
    references: listIn(references, partsMax).map(referenceIn),
  };
}

/** The types of definitions, as the keys of an object, so that none is forgotten. */
const types: Readonly<Record<ColumnType, true>> = {
  id: true,
  bigid: true,
  smallid: true,
  integer: true,
  smallint: true,
  bigint: true,
  real: true,
  boolean: true,
  varchar: true,
  text: true,
  json: true,
  datetime: true,
  date: true,
};

function columnIn(value: Json): CatalogColumn {
  const { name, declared, type, length, nullable, default: given, isComputed } = objectIn(value);
  const known = orNull(type, (text) => textIn(text, 20)) as ColumnType | null;
  if (known !== null && !Object.hasOwn(types, known)) throw notSpoken();
  const size = orNull(length, countIn);
  if (size !== null && (known !== "varchar" || size < 1 || size > 1_000_000)) throw notSpoken();
  if (given !== null && (known === null || !isDefaultOf(known, given))) throw notSpoken();
  return {
    name: textIn(name),
    declared: textIn(declared, declaredMax),
    type: known === null ? undefined : { type: known, ...(size === null ? {} : { length: size }) },
    nullable: nullable === true,
    ...(given === null ? {} : { default: given as boolean | number | string }),
    isComputed: isComputed === true,
  };
}

function indexIn(value: Json): CatalogIndex {
  const { columns, isUnique } = objectIn(value);
  return {
    columns: listIn(columns, partsMax).map((one) => textIn(one)),
    isUnique: isUnique === true,
  };
}

function referenceIn(value: Json): CatalogReference {
  const [column, table, to] = listIn(value, 3);
  return { column: textIn(column), table: textIn(table), to: textIn(to) };
}
