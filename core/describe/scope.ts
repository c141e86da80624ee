import type { Reader } from "../../store/database/database.ts";
import type { Instance } from "../instance/instance.ts";
import type { AnyRow } from "../query/query.ts";
import type { Registry } from "../registry/registry.ts";
import type { RegistrySet } from "../registry/registry_set.ts";

/** What a description is made with. */
export interface DescribeScope {
  readonly instance: Instance;
  readonly reader: Reader;
  readonly registries: RegistrySet;
  /** Branches whose labels are shown: the current one and main. */
  readonly branches: readonly number[];
}

/** The row of a registry with this id, if there is one. */
export async function rowById(
  { reader, registries }: DescribeScope,
  table: string,
  id: unknown,
): Promise<AnyRow | undefined> {
  const registry = registries.byTable(table);
  if (registry === undefined || typeof id !== "number") return undefined;
  return (await reader.select(registry, "id = ?", [id]))[0];
}

/** The name of a row: by the registry's name field, else the start of its uid, else nothing. */
export async function nameById(
  scope: DescribeScope,
  table: string,
  id: unknown,
): Promise<string | undefined> {
  const row = await rowById(scope, table, id);
  if (row === undefined) return undefined;
  return nameOfRow(scope.registries.byTable(table)!, row);
}

/** What a row is called: by its name, else by the first seven characters of its uid. */
export function nameOfRow(registry: Registry, row: AnyRow): string {
  const name = row[namingColumn(registry) ?? "uid"];
  if (typeof name === "string" && name !== "") return name;
  return typeof row.uid === "string" ? row.uid.slice(0, 7) : "";
}

/** The column with the names of a registry's records: not the time at which a run started. */
export function namingColumn({ columns, nameField }: Registry): string | undefined {
  const isTime = nameField !== undefined && columns[nameField]?.type === "datetime";
  return isTime && "name" in columns ? "name" : nameField;
}
