import type { Registry } from "../../registry/registry.ts";

/** Rows that belong to a record of another table and go where it goes. */
export interface OwnedRows {
  readonly registry: Registry;
  /** Their column that points to the record. */
  readonly column: string;
}

/** Links that belong to their second side: what a run read is told with the run. */
const ownerColumns: Readonly<Record<string, string>> = {
  lamindb_artifact_input_of_runs: "run_id",
  lamindb_artifact_recreating_runs: "run_id",
  lamindb_collection_input_of_runs: "run_id",
  lamindb_collection_recreating_runs: "run_id",
  lamindb_record_input_of_runs: "run_id",
  lamindb_schemacomponent: "composite_id",
  lamindb_schemafeature: "schema_id",
  lamindb_transformtransform: "successor_id",
};

/**
 * The links and notes of each table's records, by table. A link belongs to the side that its table
 * is called after, which its first column names.
 */
export function ownedByTable(
  registries: readonly Registry[],
): ReadonlyMap<string, readonly OwnedRows[]> {
  const owned = new Map<string, OwnedRows[]>();
  for (const registry of registries) {
    const column = ownerColumn(registry);
    if (column === undefined) continue;
    const { table } = registry.columns[column]!.references!;
    owned.set(table, [...owned.get(table) ?? [], { registry, column }]);
  }
  return owned;
}

function ownerColumn(registry: Registry): string | undefined {
  const known = ownerColumns[registry.name];
  if (known !== undefined) return known;
  if (registry.isLink) return referencing(registry)[0];
  // Notes are called after the records that they are about.
  const about = /^([a-z]+_[a-z]+)block$/.exec(registry.name)?.[1];
  return about === undefined
    ? undefined
    : referencing(registry).find((name) => registry.columns[name]!.references!.table === about);
}

function referencing({ columns }: Registry): string[] {
  const trace = new Set(["created_by_id", "branch_id", "created_on_id", "space_id"]);
  return Object.keys(columns).filter((name) =>
    columns[name]!.references !== undefined && !trace.has(name)
  );
}
