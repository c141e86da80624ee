import type { CatalogColumn, CatalogTable } from "../../../store/database/catalog/catalog.ts";
import type { Column, ColumnType } from "../../../store/database/table.ts";
import { type Registry, registry } from "../../registry/registry.ts";
import { identityOfTable, uniqueOf } from "./identity_of_table.ts";
import { ordered } from "./ordered.ts";

/** More columns than this a table must not have. */
export const columnsMax = 300;

/** Text in an index of Postgres must not be longer. */
const indexedLengthMax = 500;

/** What comes of a table that no registry defines. */
export interface Vetted {
  /** How its rows travel; undefined where they cannot. */
  readonly registry?: Registry;
  /** Why not. */
  readonly why?: string;
  /** Whether nothing keeps several rows from being told apart by nothing. */
  readonly mayBeAlike?: boolean;
}

/**
 * A registry for a table, made of nothing but what its catalog says in the terms of definitions.
 * The catalog may be a stranger's, so what is odd in any way is refused.
 */
export function vetted(table: CatalogTable): Vetted {
  const why = oddity(table);
  if (why !== undefined) return { why };
  const identity = identityOfTable(table);
  if (identity === undefined) return { why: "has nothing that tells its rows apart" };
  const { columns: toldApartBy, mayBeAlike } = identity;
  const references = new Map(table.references.map(({ column, table }) => [column, table]));
  const isLink = toldApartBy.every((name) => references.has(name));
  const columns = ordered(table, references).map((column, index) => {
    const to = references.get(column.name);
    // Rows that link go with what they belong to; all else is in the way of a deletion.
    const onDelete = isLink && index <= 1 ? "CASCADE" : "PROTECT";
    return [column.name, {
      ...columnOf(table, column),
      ...(to === undefined ? {} : { indexed: true, references: { table: to, onDelete } }),
    }] as const;
  });
  const separator = table.name.indexOf("_");
  const model = `${table.name.slice(0, separator)}.${table.name.slice(separator + 1)}`;
  return {
    registry: registry(model, Object.fromEntries(columns) as Record<string, Column>, {
      table: table.name,
      isLink,
      unique: uniqueOf(table).filter((columns) => columns.length > 1).map((columns) => ({
        columns,
      })),
      toldApartBy,
    }),
    mayBeAlike,
  };
}

function columnOf(table: CatalogTable, column: CatalogColumn): Column {
  const { name, nullable } = column;
  const type = column.type!;
  const isAlone = (columns: readonly string[]) => columns.length === 1 && columns[0] === name;
  const isShort = type.type !== "text" && type.type !== "json" &&
    (type.length ?? 0) <= indexedLengthMax;
  return {
    ...type,
    nullable,
    unique: uniqueOf(table).some(isAlone),
    indexed: isShort && table.indexes.some(({ columns }) => isAlone(columns)),
    ...(column.default === undefined ? {} : { default: column.default }),
  };
}

const isName = (name: string) =>
  /^[\p{L}_][\p{L}\p{N}_]{0,62}$/u.test(name) && name !== "__proto__";

const keyTypes: readonly ColumnType[] = ["id", "bigid", "smallid"];
const wholeTypes: readonly ColumnType[] = ["integer", "bigint", "smallint"];

function oddity(table: CatalogTable): string | undefined {
  const { name, kind, columns, primary } = table;
  if (kind !== "table") return "is no table but a view, or a window to rows elsewhere";
  if (!isName(name) || name !== name.toLowerCase()) {
    return "has a name that Django gives to no table";
  }
  if (columns.length > columnsMax) return `has more than ${columnsMax} columns`;
  const id = columns.find((column) => column.name === "id");
  const isKey = id?.type !== undefined && keyTypes.includes(id.type.type) &&
    primary.join() === "id";
  if (!isKey) return "has no whole number 'id' as its primary key";
  if (new Set(columns.map((column) => column.name.toLowerCase())).size < columns.length) {
    return "has columns whose names differ in case alone";
  }
  for (const column of columns) {
    const why = columnOddity(column);
    if (why !== undefined) return why;
  }
  return referenceOddity(table) ?? versionOddity(table);
}

function columnOddity({ name, declared, type, isComputed }: CatalogColumn): string | undefined {
  if (!isName(name)) return "has a column whose name Django gives to none";
  if (isComputed) return `has a column ${name} that the database computes`;
  const isKey = type !== undefined && keyTypes.includes(type.type);
  if (type === undefined || isKey !== (name === "id")) {
    return `has a column ${name} of a type that is not carried: ${declared.slice(0, 40)}`;
  }
}

function referenceOddity({ columns, references }: CatalogTable): string | undefined {
  const seen = new Set<string>();
  for (const { column, to } of references) {
    const type = columns.find(({ name }) => name === column)?.type?.type;
    if (to !== "id" || type === undefined || !wholeTypes.includes(type) || seen.has(column)) {
      return `has a column ${column} that points to something else than the id of one row`;
    }
    seen.add(column);
  }
}

/** What is called as LaminDB's versions are has to be like them. */
function versionOddity({ columns, references }: CatalogTable): string | undefined {
  const typeOf = (wanted: string) => columns.find(({ name }) => name === wanted)?.type?.type;
  if (typeOf("is_latest") === undefined) return undefined;
  const isVersioned = typeOf("is_latest") === "boolean" && typeOf("uid") !== undefined &&
    typeOf("created_at") === "datetime" &&
    references.some(({ column, table }) => column === "branch_id" && table === "lamindb_branch");
  return isVersioned ? undefined : "has versions that are not kept as LaminDB keeps them";
}
