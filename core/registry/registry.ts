import type {
  CheckConstraint,
  Columns,
  Table,
  UniqueConstraint,
} from "../../store/database/table.ts";

/** A relation over a link table, as LaminDB names it on both sides. */
export interface ManyToMany {
  /** Name on this registry's records. */
  readonly name: string;
  /** Table of the other registry. */
  readonly to: string;
  /** The link table. */
  readonly through: string;
  /** Name on the other registry's records, if it has one. */
  readonly reverse?: string;
  /**
   * The link table's columns for this and for the other side, where both sides are one registry.
   */
  readonly columns?: readonly [own: string, other: string];
}

/**
 * One registry or link table of LaminDB: the table and what its relations are called. Everything
 * generic (DDL, lookups, list, show, sync) is derived from this and written nowhere else.
 */
export interface Registry<C extends Columns = Columns> extends Table<C> {
  /** Python module that owns it: `lamindb`, `bionty`. */
  readonly module: string;
  /** Python class: `Artifact`, `CellType`. */
  readonly model: string;
  /** True for tables that only link two registries. */
  readonly isLink: boolean;
  readonly manyToMany: readonly ManyToMany[];
  /** The column that people call its records by, if it has one. */
  readonly nameField: string | undefined;
  /** Triggers that the table has in Postgres (COMPAT §2.2). */
  readonly postgresTriggers: readonly string[];
  /**
   * Columns that tell a row from all others, wherever it is; unless given, they follow from what is
   * unique.
   */
  readonly toldApartBy?: readonly string[];
}

interface RegistrySettings {
  readonly unique?: readonly UniqueConstraint[];
  readonly checks?: readonly CheckConstraint[];
  readonly indexes?: readonly (readonly string[])[];
  readonly manyToMany?: readonly ManyToMany[];
  /** Table name where it is not `<module>_<model in lower case>`. */
  readonly table?: string;
  readonly isLink?: boolean;
  /** Where it is not `name`. */
  readonly nameField?: string;
  readonly postgresTriggers?: readonly string[];
  readonly toldApartBy?: readonly string[];
}

/** Defines a registry; `model` is `module.Class`, as `lamindb.Artifact`. */
export function registry<C extends Columns>(
  qualifiedModel: string,
  columns: C,
  settings: RegistrySettings = {},
): Registry<C> {
  const [module, model] = qualifiedModel.split(".") as [string, string];
  return {
    module,
    model,
    name: settings.table ?? `${module}_${model.toLowerCase()}`,
    // Names of columns come from command lines and files: `constructor` is none of them.
    columns: Object.assign(Object.create(null), columns),
    unique: settings.unique ?? [],
    checks: settings.checks ?? [],
    indexes: settings.indexes ?? [],
    isLink: settings.isLink ?? false,
    manyToMany: settings.manyToMany ?? [],
    nameField: settings.nameField ?? ("name" in columns ? "name" : undefined),
    postgresTriggers: settings.postgresTriggers ?? [],
    ...(settings.toldApartBy === undefined ? {} : { toldApartBy: settings.toldApartBy }),
  };
}

/** Defines a table that links two registries. */
export function link<C extends Columns>(
  qualifiedModel: string,
  columns: C,
  settings: Omit<RegistrySettings, "isLink"> = {},
): Registry<C> {
  return registry(qualifiedModel, columns, { ...settings, isLink: true });
}

/**
 * A relation over a link table, as one line: `many("parents", "lamindb_ulabel",
 * "lamindb_ulabel_parents", "children")`.
 */
export function many(
  name: string,
  to: string,
  through: string,
  reverse?: string,
  columns?: readonly [own: string, other: string],
): ManyToMany {
  return {
    name,
    to,
    through,
    ...(reverse === undefined ? {} : { reverse }),
    ...(columns === undefined ? {} : { columns }),
  };
}
