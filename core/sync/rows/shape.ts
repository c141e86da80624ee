import type { Column } from "../../../store/database/table.ts";
import type { Registry } from "../../registry/registry.ts";

/** How rows of a table travel between instances. */
export interface RowShape {
  readonly registry: Registry;
  /** Columns that tell which row it is, wherever it is. */
  readonly identity: readonly string[];
  /** Columns that make it another row when they change. */
  readonly compared: readonly string[];
  /** Columns that point to rows, and the table of those. */
  readonly references: ReadonlyMap<string, string>;
  /** All other columns that travel. */
  readonly plain: readonly (readonly [name: string, column: Column])[];
}

/** What no row is told apart by: it differs from instance to instance, or follows from others. */
const neverCompared = new Set(["id", "is_latest", "updated_at"]);

/** Where bytes lie is every instance's own affair. */
const placeColumns: Readonly<Record<string, ReadonlySet<string>>> = {
  lamindb_artifact: new Set(["storage_id", "_real_key", "_key_is_virtual", "_overwrite_versions"]),
  lamindb_storage: new Set(["root", "region", "instance_uid"]),
};

/** Who made a row and when. */
const provenance = new Set(["created_at", "created_by_id", "run_id"]);

/** Tables of which every instance has the same rows, made when it was. */
const everywhere = new Set(["lamindb_user", "lamindb_space", "lamindb_branch"]);

/**
 * Whether several instances may make the very same row, each by itself: a link, a term of an
 * ontology. Then it does not count who made it and when.
 */
function isMadeAlike({ name, columns }: Registry, identity: readonly string[]): boolean {
  const generated = columns["uid"]?.generated;
  return identity[0] !== "uid" || everywhere.has(name) ||
    generated === "term" || generated === "source";
}

/** How rows of a registry travel; undefined for tables that belong to one database alone. */
export function shapeOf(registry: Registry): RowShape | undefined {
  const identity = identityColumns(registry);
  if (identity === undefined) return undefined;
  const columns = Object.entries(registry.columns);
  const isPlace = (name: string) => placeColumns[registry.name]?.has(name) ?? false;
  const isNoMatter = (name: string) =>
    isMadeAlike(registry, identity) && provenance.has(name) && !identity.includes(name);
  return {
    registry,
    identity,
    compared: columns.map(([name]) => name)
      .filter((name) => !neverCompared.has(name) && !isPlace(name) && !isNoMatter(name)),
    references: new Map(
      columns.flatMap(([name, { references }]) =>
        references === undefined ? [] : [[name, references.table]]
      ),
    ),
    plain: columns.filter(([name, { references }]) => name !== "id" && references === undefined),
  };
}

/** The uid, else the most columns that are unique together: what a link links, and as what. */
function identityColumns(registry: Registry): readonly string[] | undefined {
  if (registry.toldApartBy !== undefined) return registry.toldApartBy;
  if ("uid" in registry.columns) return ["uid"];
  const known = registry.unique.map(({ columns }) => columns)
    .filter((columns) => columns.every((name) => name in registry.columns));
  return known.toSorted((a, b) => b.length - a.length)[0];
}
