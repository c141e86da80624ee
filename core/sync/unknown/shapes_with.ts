import { shapesOf } from "../open_side.ts";
import type { RowShape } from "../rows/shape.ts";
import { registriesAmong } from "./find_tables.ts";
import type { FoundTables } from "./found_tables.ts";

/** How rows of all tables travel: the known ones, and those that an instance has besides. */
export function shapesWith(
  unknown: FoundTables | undefined,
  known: ReadonlyMap<string, RowShape>,
): ReadonlyMap<string, RowShape> {
  if (unknown === undefined || unknown.tables.length === 0) return known;
  const registries = [...known.values()].map(({ registry }) => registry);
  return new Map([...known, ...shapesOf(registriesAmong(unknown, registries))]);
}
